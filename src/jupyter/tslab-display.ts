import { randomUUID } from "node:crypto";
import { FORMS_OF_VALUE, type FormsOfValue } from "./last-expression.js";

/** What tslab publishes as an output. */
interface DisplayData {
  data: Record<string, unknown>;
  metadata: object;
  transient: { display_id: string };
}

/** What of tslab's modules is used or replaced here. */
interface Tslab {
  showForms?: ShowForms;
}
interface TslabJupyter {
  /** Of the cell that is executed. */
  lastWriteDisplayData: ((content: DisplayData, isUpdate: boolean) => void) | null;
}
interface TslabExecutor {
  createExecutor(folder: string, converters: unknown, console: Log): Executor;
}
interface Executor {
  /** @returns whether the cell succeeded */
  execute(source: string): Promise<boolean>;
}
interface Log {
  log(value: unknown): void;
  error(...values: unknown[]): void;
}

/** Shows one thing in all its forms, by media type, or replaces what was shown by the same name. */
type ShowForms = (forms: Record<string, unknown>, name: string, isUpdate: boolean) => void;

/**
 * tslab shows one form of a thing, and the value of a cell's last line as text. This makes it show all forms, of which
 * Jupyter takes the richest it can show, and the value as `display` would.
 *
 * @param tslabRequire loads tslab's own modules
 */
export function showRichly(tslabRequire: NodeJS.Require): void {
  const jupyter = tslabRequire("./dist/jupyter.js") as TslabJupyter;
  const showForms: ShowForms = (data, name, isUpdate) =>
    jupyter.lastWriteDisplayData?.({ data, metadata: {}, transient: { display_id: name } }, isUpdate);
  (tslabRequire("./dist/public.js") as Tslab).showForms = showForms;

  const executor = tslabRequire("./dist/executor.js") as TslabExecutor;
  const { createExecutor } = executor;
  executor.createExecutor = (folder, converters, console) => {
    let shown: Promise<void> = Promise.resolve();
    const made = createExecutor(folder, converters, {
      ...console,
      log(value) {
        shown = showValue(value, showForms, console);
      },
    });
    return {
      ...made,
      async execute(source) {
        shown = Promise.resolve();
        const isDone = await made.execute(source);
        try {
          await shown;
          return isDone;
        } catch (error) {
          console.error(error);
          return false;
        }
      },
    };
  };
}

async function showValue(value: unknown, showForms: ShowForms, console: Log): Promise<void> {
  if (typeof value !== "object" || value === null) return console.log(value);
  const { formsOfValue } = require(FORMS_OF_VALUE) as { formsOfValue: FormsOfValue };
  const forms = await formsOfValue(value);
  if (forms === null) console.log(value);
  else if (Object.keys(forms).length > 0) showForms(forms, randomUUID(), false);
}
