import { type CellError, cellError, describeThrown, isError, pointAt } from "./cell-error.js";
import type { Diagnostic } from "./tslab-modules.js";
import type { CellSources } from "./tslab-sources.js";

/** Codes from here on are of types, those below of syntax. */
const FIRST_OF_TYPES = 2000;

/** What TypeScript says where a value is used that nobody has awaited; its own hint does not come through tslab. */
const OF_A_PROMISE = /(^Argument of|\bexist on) type 'Promise</;
const AWAIT = "    Did you forget to use 'await'?";

/**
 * @param source the cell that does not compile
 * @returns the error; its value names the place, too, for what shows no traceback
 */
export function compileError(source: string, diagnostics: readonly Diagnostic[]): CellError {
  const lines: string[] = [];
  let last = "";
  for (const { fileName, start, end, messageText } of diagnostics) {
    const place = { line: start.line + 1, column: start.character + 1, length: end.offset - start.offset };
    const where = pointAt(fileName ?? "cell", fileName === undefined ? source : null, place);
    // Messages that explain the one before have its place.
    lines.push(...(where[0] === last ? [`    ${messageText}`] : [messageText, ...where]));
    if (OF_A_PROMISE.test(messageText) && !lines.includes(AWAIT)) lines.push(AWAIT);
    last = where[0];
  }
  const [{ code, fileName, start, messageText: first }] = diagnostics;
  const { messageText } = plainest(diagnostics);
  if (messageText !== first) lines.splice(lines.indexOf(`    ${messageText}`), 1, `    ${first}`);
  const ename = code < FIRST_OF_TYPES ? "SyntaxError" : "TypeScriptError";
  const at = `${fileName === undefined ? "" : `${fileName}, `}line ${start.line + 1}, column ${start.character + 1}`;
  return { ...cellError(ename, messageText, lines.slice(1)), evalue: `${messageText} (${at})` };
}

/** Of the messages for the first place that which names a misspelt setting and the right one; else the first. */
function plainest(diagnostics: readonly Diagnostic[]): Diagnostic {
  const [first] = diagnostics;
  const isSpelling = ({ start, messageText }: Diagnostic) =>
    start.offset === first.start.offset && messageText.includes("Did you mean to write");
  return diagnostics.find(isSpelling) ?? first;
}

/** @param thrown anything that a cell threw, or a rejection that nobody awaited */
export function thrownError(thrown: unknown, sources: CellSources): CellError {
  if (isInterrupt(thrown)) return cellError("Interrupted", "the cell was interrupted", []);
  const { ename, evalue, causes } = describeThrown(thrown);
  return cellError(ename, evalue, [
    ...(isError(thrown) ? sources.locate(String(thrown.stack)) : []),
    ...causes,
  ]);
}

/** What tslab and Node throw in a cell that Jupyter interrupts. */
function isInterrupt(thrown: unknown): boolean {
  return (
    isError(thrown) &&
    (thrown.message === "Interrupted asynchronously" ||
      (thrown as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED")
  );
}
