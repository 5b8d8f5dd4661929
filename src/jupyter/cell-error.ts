import { inspect } from "node:util";

/** Why a cell failed, as Jupyter's messages say it. */
export interface CellError {
  ename: string;
  evalue: string;
  /** Lines to show. */
  traceback: string[];
}

/** Where something is in a cell's text; both are counted from 1. */
export interface Place {
  line: number;
  column: number;
  /** How many characters it takes, if that is known. */
  length?: number;
}

/** Characters of a line that are shown around a column. */
const SHOWN = 100;

/**
 * What a frontend shows of an error: its name in red, its message, and below it where that was.
 *
 * @param below lines that say where
 */
export function cellError(ename: string, message: string, below: readonly string[]): CellError {
  return { ename, evalue: message, traceback: [`\x1b[31m${ename}\x1b[39m: ${message}`, ...below] };
}

/** The name and the message of anything that was thrown, and of what caused it. */
export function describeThrown(thrown: unknown): { ename: string; evalue: string; causes: string[] } {
  if (!isError(thrown)) return { ename: "Thrown", evalue: inspect(thrown), causes: [] };
  const causes: string[] = [];
  // A cause may be its own cause.
  for (let { cause } = thrown; isError(cause) && causes.length < 5; cause = cause.cause) {
    causes.push(`Caused by ${cause.name}: ${cause.message}`);
  }
  return { ename: String(thrown.name || "Error"), evalue: String(thrown.message), causes };
}

/** Whether it is an error, of whatever realm. */
export function isError(value: unknown): value is Error {
  return (
    value instanceof Error ||
    (typeof value === "object" && value !== null && "stack" in value && "message" in value)
  );
}

/**
 * A place, the line of code there, and a mark below it.
 *
 * @param where whose line it is, e.g. "cell 3"
 * @param source the whole text; null if it is not known
 */
export function pointAt(where: string, source: string | null, { line, column, length = 1 }: Place): string[] {
  const heading = `    at ${where}, line ${line}, column ${column}`;
  const text = source?.split("\n")[line - 1];
  if (text === undefined || text.trim() === "") return [heading];
  const from = column > SHOWN - 20 ? column - SHOWN / 2 : 0;
  const shown = text.slice(from, from + SHOWN).replaceAll("\t", " ");
  const marked = Math.max(1, Math.min(length, shown.length - (column - 1 - from)));
  return [heading, `    ${shown}`, `    ${" ".repeat(column - 1 - from)}${"^".repeat(marked)}`];
}
