import { RunError, theSetting } from "../../../errors.js";
import { isDecimal, isNumeric } from "../decimal.js";
import { splitCells } from "./records.js";

/** Columns from which a first line that counts them is hardly data, and one that rises steadily is seldom. */
const MANY_COLUMNS = 4;
const VERY_MANY_COLUMNS = 10;
/** Rows that say how columns are written where the columns are few. */
const SEVERAL_ROWS = 10;

/** The beginning of a text, by its delimiter and with decimal points. */
interface Beginning {
  readonly first: readonly string[];
  readonly others: readonly (readonly string[])[];
  /** Lines before the first record that begin with #, without it. */
  readonly comments: readonly string[];
  readonly delimiter: string;
}

/** What a user says of a header. */
export interface HeaderOptions {
  readonly header: "auto" | "yes" | "no";
  /** Names that it must have. */
  readonly names: readonly string[];
}

interface FoundHeader {
  readonly header: readonly string[] | null;
  /** Whether it is a comment before the first record. */
  readonly isComment: boolean;
  readonly notices: readonly string[];
}

const NO_HEADER: FoundHeader = { header: null, isComment: false, notices: [] };

/**
 * Decides whether the first line names the columns. A cell that is neither a number nor missing says so. Of a line of
 * numbers alone it takes what pandas writes for a table without names: 0, 1, 2, ..., unless the rows below may be
 * written like that too.
 *
 * @param where what to call the first line in errors
 * @throws RunError if text stands beside numbers in it
 */
export function findHeader(
  beginning: Beginning,
  { header, names }: HeaderOptions,
  where: string,
): FoundHeader {
  const { first, comments, delimiter } = beginning;
  const yes = { header: first, isComment: false, notices: [] };
  if (header === "no") return NO_HEADER;
  if (header === "yes") return yes;
  const hasText = first.some((cell) => !isNumeric(cell));
  if (hasText && !first.some(isDecimal)) return yes;
  const comment =
    comments.length > 0 ? commentHeader(comments[comments.length - 1], first.length, delimiter) : null;
  if (comment !== null) return { header: comment, isComment: true, notices: [] };
  if (!hasText) return headerOfNumbers(beginning, names);
  // Whole numbers do name columns; a measurement means that the header is missing.
  const measured = first.find((cell) => isDecimal(cell) && !/^\d+$/.test(cell));
  if (measured === undefined) return yes;
  throw new RunError(
    `${where}: text beside the number ${measured}; add a header line that names the columns, or say ${theSetting("header")} yes if this is one`,
  );
}

/** Decides what a first line of numbers alone is, and says so where it may be the other. */
function headerOfNumbers({ first, others, delimiter }: Beginning, names: readonly string[]): FoundHeader {
  const yes = { header: first, isComment: false, notices: [] };
  const counts = first.every((cell, column) => cell === String(column));
  if (counts && names.length > 0 && names.every((name) => first.includes(name))) return yes;
  // The first column is an index, which has no name.
  const isIndexed = first[0] === "" && first.length > 1;
  if (isIndexed && first.slice(1).every((cell, column) => cell === String(column))) return yes;
  const numbered = `the first line, ${first.slice(0, 3).join(delimiter)}${first.length > 3 ? `${delimiter}...` : ""},`;
  const setting = theSetting("header");
  if (counts && isHeaderOf(first.length, others)) {
    const notice = `${numbered} numbers the columns, and is taken for a header; ${setting} no makes it a row`;
    return { ...yes, notices: [notice] };
  }
  const aRow = (notice: string) => ({ ...NO_HEADER, notices: [`${numbered} ${notice}`] });
  if (counts && others.length > 0 && !goesOn(first, others[0])) {
    return aRow(`is taken for a row; ${setting} yes makes it a header, which it looks like`);
  }
  if (isFarOff(first, others)) {
    return aRow(`lies far from all others, and is taken for a row; ${setting} yes makes it a header`);
  }
  if (isScale(first, others)) {
    return aRow(`rises steadily, as no row does, and is taken for a row; ${setting} yes makes it a header`);
  }
  return NO_HEADER;
}

/** NumPy's header: the last comment before the data, if it has a name for each column. */
function commentHeader(comment: string, nColumns: number, delimiter: string): string[] | null {
  const names = splitCells(comment.trim(), delimiter);
  if (names.length !== nColumns) return null;
  // The # is itself the name of the first.
  if (names[0] === "" && nColumns > 1) names[0] = "#";
  const isSentence = nColumns === 1 && /\s/.test(names[0]);
  const isUsable = names.every((name, column) => name !== "" && names.indexOf(name) === column);
  return isUsable && !isSentence ? names : null;
}

/** Whether 0, 1, 2, ... is rather the header of these rows than one of them. */
function isHeaderOf(nColumns: number, rows: readonly (readonly string[])[]): boolean {
  if (rows.length === 0) return false;
  const isWhole = (cell: string) => /^[+-]?\d+$/.test(cell);
  // A writer that gives each value of a column a point would have given one to the first as well.
  const pointed = Array.from({ length: nColumns }, (_, column) =>
    rows.every((row) => !isWhole(row[column] ?? "")),
  );
  if (nColumns < MANY_COLUMNS) return pointed.every(Boolean) && (nColumns > 2 || rows.length >= SEVERAL_ROWS);
  return (
    pointed.some(Boolean) ||
    !goesOn(
      Array.from({ length: nColumns }, (_, column) => String(column)),
      rows[0],
    )
  );
}

/** Whether the second row counts on where the first ends. */
function goesOn(first: readonly string[], second: readonly string[]): boolean {
  return second.every((cell, column) => Number(cell) === first.length + column);
}

/**
 * Whether the first line has whole numbers, all different, each farther from its column than the column is wide:
 * years.
 */
function isFarOff(first: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const areNames = first.every((cell, column) => /^\d+$/.test(cell) && first.indexOf(cell) === column);
  if (!areNames || rows.length < SEVERAL_ROWS) return false;
  return first.every((cell, column) => {
    const values = rows.map((row) => Number(row[column] || "nan")).filter((value) => !Number.isNaN(value));
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const distance = Math.max(least - Number(cell), Number(cell) - most);
    return values.length > 0 && distance > most - least;
  });
}

/** Whether the first line rises or falls from cell to cell, over many, and no row does: wavelengths, or times. */
function isScale(first: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const isSteady = (cells: readonly string[]) => {
    const values = cells.map(Number);
    return (
      values.every((value, i) => i === 0 || value > values[i - 1]) ||
      values.every((value, i) => i === 0 || value < values[i - 1])
    );
  };
  return first.length >= VERY_MANY_COLUMNS && rows.length > 0 && isSteady(first) && !rows.some(isSteady);
}

/** @throws RunError if a column has no name, or the name of another */
export function checkHeader(cells: readonly string[], where: string): readonly string[] {
  const unnamed = cells.indexOf("");
  if (unnamed >= 0) {
    const isTail = unnamed > 0 && cells.slice(unnamed).every((name) => name === "");
    const advice = isTail
      ? "end no line with what separates cells"
      : "leave it out (pandas: to_csv(..., index=False))";
    throw new RunError(`${where}: column ${unnamed + 1} has no name; name it, or ${advice}`);
  }
  const twice = cells.find((name, column) => cells.indexOf(name) !== column);
  if (twice !== undefined) throw new RunError(`${where}: two columns are named ${JSON.stringify(twice)}`);
  return cells;
}
