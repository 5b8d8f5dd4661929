import { theSetting, UsageError } from "../../../errors.js";
import { isDecimal, isNumeric } from "../decimal.js";
import { BLANK, DELIMITERS, type RecordReader } from "./records.js";

const WORDS: Readonly<Record<string, string>> = { tab: "\t", "\\t": "\t", blank: BLANK, space: BLANK };

/**
 * The character that a user calls a delimiter: one, or a word for a tab or for any number of blanks.
 *
 * @param source what to call it in errors
 * @throws UsageError if it cannot be one
 */
export function delimiterOf(text: string, source: string = theSetting("delimiter")): string {
  const character = WORDS[text.toLowerCase()] ?? text;
  if (!/^[ \t!-~]$/.test(character) || /["\w.+#-]/.test(character)) {
    throw new UsageError(
      `${source} must be one character between cells, tab or blank, found ${JSON.stringify(text)}`,
    );
  }
  return character;
}

/** The one by which most records have as many cells as the first, and of these the one with the most numbers. */
export function tellDelimiter(reader: RecordReader): string {
  const { position, line } = reader;
  const recordsBy = (delimiter: string, most?: number) => {
    reader.rewind(position, line);
    return reader.records(delimiter, most).map(({ cells }) => cells);
  };
  const possible = DELIMITERS.filter((delimiter) => recordsBy(delimiter, 1)[0]?.length > 1);
  if (possible.length === 0) {
    // Below the name of a single column commas can be in its numbers only; in quotes they may be of thousands.
    const isDivided = recordsBy(",").some((cells) => cells.length > 1);
    if (isDivided && decimalMark(recordsBy(";"), ";") === ",") return ";";
  }
  if (possible.length === 1) {
    const [first, second] = recordsBy(possible[0], 2);
    if (second?.length === first.length) return possible[0];
  }
  let best = { delimiter: DELIMITERS[0], alike: 0.5, numbers: 0 };
  for (const delimiter of possible) {
    const rows = recordsBy(delimiter);
    const cells = rows.flat();
    const point = decimalMark(rows, delimiter);
    const isNumber = (cell: string) =>
      cell !== "" && isNumeric(point === "." ? cell : cell.replace(point, "."));
    const alike = rows.filter((row) => row.length === rows[0].length).length / rows.length;
    const numbers = cells.filter(isNumber).length / cells.length;
    const isBetter = alike > best.alike || (alike === best.alike && numbers > best.numbers);
    if (isBetter) best = { delimiter, alike, numbers };
  }
  return best.delimiter;
}

/** A comma where commas are in numbers and points are not. */
export function decimalMark(rows: readonly (readonly string[])[], delimiter: string): "." | "," {
  if (delimiter === ",") return ".";
  let commas = 0;
  for (const cells of rows) {
    for (const cell of cells) {
      if (/^[+-]?\d*\.\d/.test(cell) && isDecimal(cell)) return ".";
      if (/^[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?$/.test(cell)) commas += 1;
    }
  }
  return commas > 0 ? "," : ".";
}
