/*
 * What is proven of a column of whole numbers by the sums of groups: in every assignment of values to rows that agrees
 * with all that was told, at least so many rows of a group have this value.
 */

/** A group as its point and weight tell of a column of whole numbers from 0 on. */
export interface GroupSum {
  readonly rows: number;
  readonly sum: number;
}

/** By value: in how many rows of a group it is, at least; values that may be in none are left out. */
export type LeastCounts = ReadonlyMap<number, number>;

/** Sums of squares over all groups together that agree with what was told of them. */
export interface SquareRange {
  readonly least: number;
  readonly most: number;
}

/** Ways to fill a group beyond which a column is solved without its squares: less is proven then, never more. */
const MOST_WAYS = 40_000;

/**
 * @param highest the highest value that the column can have; Infinity where only 0 is known to be the lowest
 * @param squares null where nothing was told of them
 * @returns one entry a group
 */
export function leastCounts(
  groups: readonly GroupSum[],
  highest: number,
  squares: SquareRange | null,
): LeastCounts[] {
  const bySums = groups.map((group) => leastBySum(group, highest));
  if (squares === null) return bySums;
  const ways: Map<number, LeastCounts>[] = [];
  let left = MOST_WAYS;
  for (const group of groups) {
    const found = leastBySquares(group, highest, left);
    if (found === null) return bySums;
    left -= found.count;
    ways.push(found.ways);
  }
  // Sums of squares are counted from the least that there can be.
  const least = ways.map((bySquares) => Math.min(...bySquares.keys()));
  const all = least.reduce((sum, square) => sum + square, 0);
  const range = { from: Math.max(0, Math.ceil(squares.least) - all), to: Math.floor(squares.most) - all };
  if (range.to < range.from) return bySums;
  const others = totalsOfOthers(
    ways.map((bySquares, g) => [...bySquares.keys()].map((square) => square - least[g])),
    range.to,
  );
  return ways.map((bySquares, g) => {
    const agreeing: LeastCounts[] = [];
    for (const [square, counts] of bySquares) {
      const more = square - least[g];
      if (more <= range.to && hasOneIn(others[g], range.from - more, range.to - more)) agreeing.push(counts);
    }
    return agreeing.length === 0 ? new Map<number, number>() : agreeing.reduce(lesser);
  });
}

/** From the sum alone, in closed form. */
function leastBySum(group: GroupSum, highest: number): LeastCounts {
  const counts = new Map<number, number>();
  for (let value = 0; value <= Math.min(highest, group.sum); value++) {
    let count = 0;
    while (count < group.rows && !canDoWithout(value, group, highest, count)) count++;
    if (count > 0) counts.set(value, count);
  }
  return counts;
}

/** Whether the rows can have this sum with the value in just `count` of them. */
function canDoWithout(value: number, { rows, sum }: GroupSum, highest: number, count: number): boolean {
  const others = rows - count;
  const wanted = sum - count * value;
  if (others === 0) return wanted === 0;
  for (let below = 0; below <= others; below++) {
    const above = others - below;
    if ((below > 0 && value === 0) || (above > 0 && value >= highest)) continue;
    const least = above * (value + 1);
    const most = below * (value - 1) + (above > 0 ? above * highest : 0);
    if (wanted >= least && wanted <= most) return true;
  }
  return false;
}

/** By sum of squares, the least counts over all ways to fill the group with it; null where the ways are too many. */
function leastBySquares(
  { rows, sum }: GroupSum,
  highest: number,
  mostWays: number,
): { ways: Map<number, LeastCounts>; count: number } | null {
  const ways = new Map<number, LeastCounts>();
  const values: number[] = [];
  let count = 0;
  const fill = (left: number, missing: number, most: number, squares: number): boolean => {
    if (left === 0) {
      if (++count > mostWays) return false;
      const counts = countsOf(values);
      const before = ways.get(squares);
      ways.set(squares, before === undefined ? counts : lesser(before, counts));
      return true;
    }
    for (let value = Math.min(most, missing); value * left >= missing; value--) {
      values.push(value);
      const goesOn = fill(left - 1, missing - value, value, squares + value * value);
      values.pop();
      if (!goesOn) return false;
      if (value === 0) break;
    }
    return true;
  };
  return fill(rows, sum, highest, 0) ? { ways, count } : null;
}

function countsOf(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function lesser(a: LeastCounts, b: LeastCounts): LeastCounts {
  const counts = new Map<number, number>();
  for (const [value, count] of a) {
    const least = Math.min(count, b.get(value) ?? 0);
    if (least > 0) counts.set(value, least);
  }
  return counts;
}

/** Numbers from 0 on, each there where its bit is 1. */
type Numbers = bigint;

/** For each group, the sums that all others together can have, up to `most`. */
function totalsOfOthers(terms: readonly (readonly number[])[], most: number): Numbers[] {
  const mask = (1n << BigInt(most + 1)) - 1n;
  const plus = (totals: Numbers, numbers: readonly number[]) =>
    numbers.reduce((sums, number) => sums | ((totals << BigInt(number)) & mask), 0n);
  // Of halves of the groups in turn, so that each sum is made as few times as can be.
  const found: Numbers[] = [];
  const descend = (from: number, to: number, totals: Numbers) => {
    if (to - from === 1) {
      found[from] = totals;
      return;
    }
    const middle = Math.floor((from + to) / 2);
    descend(from, middle, terms.slice(middle, to).reduce(plus, totals));
    descend(middle, to, terms.slice(from, middle).reduce(plus, totals));
  };
  descend(0, terms.length, 1n);
  return found;
}

function hasOneIn(numbers: Numbers, from: number, to: number): boolean {
  const least = Math.max(0, from);
  return ((numbers >> BigInt(least)) & ((1n << BigInt(to - least + 1)) - 1n)) !== 0n;
}
