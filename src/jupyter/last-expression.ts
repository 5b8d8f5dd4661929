import { dirname, join } from "node:path";
import { PACKAGE_MAIN } from "../files/package-root.js";

/** A value's forms by media type; null where the kernel's own form is the best there is. */
export type FormsOfValue = (value: unknown) => Promise<Record<string, unknown> | null>;

/**
 * The file that says how the value of a cell's last line is shown. It is loaded in the kernel only when there is such a
 * value: it takes longer to load than most cells last.
 */
export const FORMS_OF_VALUE: string = join(dirname(PACKAGE_MAIN), "notebook", "output", "last-expression.js");
