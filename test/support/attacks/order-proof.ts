import type { GroupSum, LeastCounts } from "./column-proof.js";

/*
 * An attack of this project's own: how groups are made is no secret. Of rows in which one column varies, groups are runs
 * of its sorted values, so that no value of a group is above one of the next; with whole numbers that proves more than
 * each group's sum does for itself.
 */

/** A way to fill a group, by its least and greatest value: at least so many of each. */
interface Filled {
  readonly least: number;
  readonly most: number;
  readonly counts: LeastCounts;
}

/**
 * @param groups of one column of whole numbers from 0 on, in ascending order of their means
 * @param highest the highest value there can be
 * @returns one entry a group: by value, in how many of its rows it is for certain
 */
export function leastCountsInOrder(groups: readonly GroupSum[], highest: number): LeastCounts[] {
  const ways = groups.map((group) => waysToFill(group, highest));
  // How low the values up to a group can end, and how high those from it on can begin.
  const ends: number[] = [];
  for (const [g, ofGroup] of ways.entries()) {
    const before = g === 0 ? 0 : ends[g - 1];
    ends.push(Math.min(...ofGroup.filter(({ least }) => least >= before).map(({ most }) => most)));
  }
  const begins: number[] = [];
  for (let g = ways.length - 1; g >= 0; g--) {
    const after = g === ways.length - 1 ? highest : begins[g + 1];
    begins[g] = Math.max(...ways[g].filter(({ most }) => most <= after).map(({ least }) => least));
  }
  return ways.map((ofGroup, g) => {
    const before = g === 0 ? 0 : ends[g - 1];
    const after = g === ways.length - 1 ? highest : begins[g + 1];
    const agreeing = ofGroup.filter(({ least, most }) => least >= before && most <= after);
    const counts = new Map<number, number>();
    for (let value = 0; value <= highest; value++) {
      const least = Math.min(...agreeing.map((filled) => filled.counts.get(value) ?? 0));
      if (least > 0 && least < Infinity) counts.set(value, least);
    }
    return counts;
  });
}

/** Ways with the same least and greatest value are one, with the lesser of each count. */
function waysToFill({ rows, sum }: GroupSum, highest: number): Filled[] {
  const found = new Map<string, Filled>();
  const values: number[] = [];
  const fill = (left: number, missing: number, most: number) => {
    if (left === 0) {
      const counts = new Map<number, number>();
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
      const ends = { least: values[values.length - 1], most: values[0] };
      const before = found.get(`${ends.least} ${ends.most}`);
      const lesser = new Map(
        [...counts].map(([value, count]) => [
          value,
          before === undefined ? count : Math.min(count, before.counts.get(value) ?? 0),
        ]),
      );
      found.set(`${ends.least} ${ends.most}`, { ...ends, counts: lesser });
      return;
    }
    for (let value = Math.min(most, missing); value >= 0 && value * left >= missing; value--) {
      values.push(value);
      fill(left - 1, missing - value, value);
      values.pop();
    }
  };
  fill(rows, sum, highest);
  return [...found.values()];
}
