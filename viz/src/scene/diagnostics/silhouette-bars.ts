import type { Silhouettes } from "../../read/silhouette.js";

/** A cluster's coefficients, from the greatest to the least, as a share of the height each. */
export interface Bars {
  readonly cluster: number;
  /** Rows behind all of them. */
  readonly nRows: number;
  readonly mean: number;
  /** Coefficients, descending. */
  readonly values: readonly number[];
  /** Rows up to the end of each, from the first on. */
  readonly ends: readonly number[];
}

/** The bars of the clusters that have points, in their order. */
export function barsOf({ coefficients, labels, weights, clusters }: Silhouettes): Bars[] {
  const members = clusters.map((): number[] => []);
  labels.forEach((label, i) => {
    members[label].push(i);
  });
  return members.flatMap((own, cluster): Bars[] => {
    const { mean, nRows } = clusters[cluster];
    if (mean === null) return [];
    const order = own.sort((a, b) => coefficients[b] - coefficients[a] || a - b);
    let end = 0;
    const ends = order.map((i) => (end += weights === null ? 1 : weights[i]));
    return [{ cluster, nRows, mean, values: order.map((i) => coefficients[i]), ends }];
  });
}

/**
 * Spreads blocks over columns, in their order, so that the fullest column holds as little as may be.
 *
 * @param sizes of the blocks
 * @returns blocks of each column, none of which is empty
 */
export function inColumns(sizes: readonly number[], nColumns: number): number[][] {
  const fits = (most: number): number[][] => {
    const columns: number[][] = [[]];
    let used = 0;
    sizes.forEach((size, block) => {
      if (used + size > most && used > 0) {
        columns.push([]);
        used = 0;
      }
      columns.at(-1)!.push(block);
      used += size;
    });
    return columns;
  };
  let low = Math.max(...sizes);
  let high = sizes.reduce((sum, size) => sum + size, 0);
  for (let i = 0; i < 40; i++) {
    const most = (low + high) / 2;
    if (fits(most).length <= nColumns) high = most;
    else low = most;
  }
  return fits(high);
}

/**
 * The outline of bars that lie on one another: from the zero line along their ends and back. Where there are more than
 * the height can show, bars are left out evenly.
 *
 * @param x of a coefficient
 * @param top of the first bar
 * @param perRow height of a row
 * @returns x, y, x, y, ...
 */
export function outlineOf(
  { values, ends }: Bars,
  x: (value: number) => number,
  top: number,
  perRow: number,
): number[] {
  const points = [x(0), top];
  let y = top;
  for (const [i, value] of values.entries()) {
    const end = top + ends[i] * perRow;
    const isLast = i === values.length - 1;
    // Half a unit is less than a pixel of the smallest picture.
    if (!isLast && end - y < LEAST_STEP) continue;
    points.push(x(value), y, x(value), end);
    y = end;
  }
  points.push(x(0), y);
  return points;
}

const LEAST_STEP = 0.4;
