import { theSetting } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import { isMissing } from "./decimal.js";

const ID_NAME = /^(row|index|nr|no|#|unnamed: 0)$|(^|[ _.-])id$|^id[ _.-]/i;
const ID_IN_CAMEL_CASE = /[a-z]I[Dd]$/;
/** Rows of which an id would still be told from a value by counting. */
const LEAST_ROWS = 20;

/**
 * Warns of features that tell rows apart rather than describe them: whole numbers that rise from row to row, or all
 * differ under the name of an id.
 */
export function idNotices({ data, nRows, nColumns }: Matrix, names: readonly string[] | null): string[] {
  const notices: string[] = [];
  for (let column = 0; column < nColumns; column++) {
    const name = names?.[column] ?? null;
    const isNamed = name !== null && (ID_NAME.test(name) || ID_IN_CAMEL_CASE.test(name));
    if (nRows < 3 || !Number.isInteger(data[column])) continue;
    let isRising = nRows >= LEAST_ROWS;
    let isWhole = true;
    for (let i = 1; i < nRows && isWhole && (isRising || isNamed); i++) {
      const value = data[i * nColumns + column];
      isWhole = Number.isInteger(value);
      if (!(value > data[(i - 1) * nColumns + column])) isRising = false;
    }
    if (!isWhole || !(isRising || isNamed)) continue;
    if (!isRising && !allDiffer(data, nRows, nColumns, column)) continue;
    const what = name === null ? `feature ${column}` : `column ${JSON.stringify(name)}`;
    const advice = name === null ? "" : `; leave it out with ${theSetting("dropColumns")} ${name}`;
    notices.push(`${what} is clustered, though its whole numbers all differ as those of an id do${advice}`);
  }
  return notices;
}

function allDiffer(data: Float64Array, nRows: number, nColumns: number, column: number): boolean {
  const seen = new Set<number>();
  for (let i = 0; i < nRows; i++) {
    const value = data[i * nColumns + column];
    if (seen.has(value)) return false;
    seen.add(value);
  }
  return true;
}

/** Warns of labels that elsewhere stand for a missing value: Na is sodium, NA may be Namibia. */
export function labelNotices(classes: readonly string[]): string[] {
  return classes
    .filter(isMissing)
    .map((name) => `the label ${JSON.stringify(name)} is a class like any other, not a missing value`);
}
