import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of this package: what holds its package.json. */
export const PACKAGE_ROOT: string = dirname(dirname(__dirname));

/** What a notebook's `import "fedkmeans"` loads. */
export const PACKAGE_MAIN: string = join(PACKAGE_ROOT, "dist", "index.js");

export const VERSION: string = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")).version;
