import { messageOf, RunError, theSetting, UsageError } from "../../../errors.js";
import { isDecimal, isMissing, isNumeric } from "../decimal.js";
import { cellAdvice, textColumnAdvice } from "../table.js";
import type { CsvOpening } from "./opening.js";

/* What is said of a text file that cannot be read. */

/**
 * A place in a file, for errors.
 *
 * @param column counted from 0; null: the line as a whole
 */
export function placeIn(
  path: string,
  header: readonly string[] | null,
  line: number,
  column: number | null,
): string {
  if (column === null) return `${path} line ${line}`;
  return `${path} line ${line}, column ${header === null ? column + 1 : JSON.stringify(header[column])}`;
}

/** Names the file in what the system says of it. */
export async function asReading(path: string, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (error instanceof RunError || error instanceof UsageError) throw error;
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_")) {
      throw new RunError(`${path}: damaged, or not compressed by gzip: ${messageOf(error)}`);
    }
    if (messageOf(error).startsWith("a record"))
      throw new RunError(`${path}: not a readable CSV file: ${messageOf(error)}`);
    throw new UsageError(`${path}: cannot be opened: ${messageOf(error)}`);
  }
}

/**
 * Refuses features that hold nothing but text: all of them at once.
 *
 * @throws RunError naming them
 */
export function checkFeatures(path: string, opening: CsvOpening, features: readonly number[]): void {
  const { header, sample, line } = opening;
  const texts = textColumns(opening).filter((column) => features.includes(column));
  if (texts.length === 0 || header === null) return;
  const found = sample.map((row) => row[texts[0]]).find((cell) => cell);
  const what = `a number expected, found ${JSON.stringify(found)}`;
  if (header.length === 1) {
    const separated = `if several values stand there, say with ${theSetting("delimiter")} what separates them`;
    throw new RunError(`${placeIn(path, header, line, 0)}: ${what}; ${separated}`);
  }
  const advice = /^if the column/.test(cellAdvice(what, header[texts[0]]))
    ? textColumnAdvice(texts.map((column) => header[column]))
    : cellAdvice(what, header[texts[0]]);
  throw new RunError(`${placeIn(path, header, line, texts[0])}: ${what}; ${advice}`);
}

/** Columns of a sample in which something is, and nothing is a number. */
function textColumns({ sample, nColumns }: Pick<CsvOpening, "sample" | "nColumns">): number[] {
  return Array.from({ length: nColumns }, (_, column) => column).filter((column) => {
    let isText = false;
    for (const row of sample) {
      const cell = row[column] ?? "";
      if (isDecimal(cell)) return false;
      if (isMissing(cell)) continue;
      if (isNumeric(cell)) return false;
      isText = true;
    }
    return isText;
  });
}
