import type { GroupScale } from "./groups.js";

/** How a client's rows are put into groups, for good. */
export interface GroupSettings {
  /** Least number of rows of a group: a state may raise it, never lower it. */
  readonly groupSize: number;
  readonly groupScale: GroupScale;
  /** How many rows that no group holds are grouped among themselves; null: four times the group size. */
  readonly wait: number | null;
}

/** Rows that were put into groups at one time, or groups that were merged at one time. */
export interface StoredBatch {
  /** (d,) standard deviation of its rows, fixed since: coarse unless its groups are single rows. */
  readonly spread: Float64Array;
  /** Least number of rows of its groups. */
  readonly groupSize: number;
}

/** Rows that a client computes with as one point: all of them, or none. */
export interface StoredGroup {
  /** Keyed hashes of its rows' values; none once it takes no part any more. */
  readonly rows: readonly string[];
  /** (d,) mean of its rows: computed once, so that it is the same bits each time. */
  readonly mean: Float64Array;
  /** Number of its rows. */
  readonly weight: number;
  /** Its rows of each class as they were first stored; null where the rows came without labels. */
  readonly labels: readonly ClassCount[] | null;
  /** Index into the state's batches. */
  readonly batch: number;
  /** The first version of the state in which it takes part. */
  readonly from: number;
  /** The first in which it does not any more; null while it does. */
  readonly until: number | null;
}

export type ClassCount = readonly [name: string, count: number];

/** All that a client remembers of its rows and groups. Values are in it as means of groups only. */
export interface StoredState {
  /** Counts the changes of what takes part. */
  readonly version: number;
  readonly settings: GroupSettings;
  readonly nColumns: number;
  /** Names of the grouping columns, in the order of the means; null where the first rows came without names. */
  readonly columns: readonly string[] | null;
  readonly batches: readonly StoredBatch[];
  readonly groups: readonly StoredGroup[];
  /** Hashes of all rows of groups that were retired: a row is here as often as it was in one. */
  readonly retired: readonly string[];
  /** Hashes of the rows that no group held when rows were last looked at. */
  readonly waiting: readonly string[];
}

/** What a client computes from. */
export interface StoredPoints {
  readonly points: { readonly data: Float64Array; readonly nRows: number; readonly nColumns: number };
  readonly weights: Float64Array;
  /** `counts` (nPoints x nClasses); null unless every point has labels. */
  readonly labels: { readonly classes: readonly string[]; readonly counts: Float64Array } | null;
  /** (d,) coarse standard deviations, pooled over the batches; null where there are no points, or points are rows. */
  readonly spreads: Float64Array | null;
}

/** A state of no rows yet. */
export function emptyState(
  settings: GroupSettings,
  columns: readonly string[] | null,
  nColumns: number,
): StoredState {
  return { version: 0, settings, columns, nColumns, batches: [], groups: [], retired: [], waiting: [] };
}

export function isActive({ until }: StoredGroup): boolean {
  return until === null;
}

/** Without the groups that took part in no version from this one on. */
export function forgetBefore(state: StoredState, version: number): StoredState {
  return { ...state, groups: state.groups.filter(({ until }) => until === null || until > version) };
}

/** How many rows have to wait before they are grouped. */
export function waitOf({ wait, groupSize }: GroupSettings): number {
  return wait ?? 4 * groupSize;
}

/**
 * The points of a state as they were at a version, in an order that follows from the rows' values and from when they
 * came.
 *
 * @param version at most the state's own; points of groups that were forgotten since are missing
 */
export function pointsAt(state: StoredState, version: number): StoredPoints {
  const groups = state.groups.filter(
    ({ from, until }) => from <= version && (until === null || version < until),
  );
  const d = state.nColumns;
  const points = { data: new Float64Array(groups.length * d), nRows: groups.length, nColumns: d };
  for (const [g, { mean }] of groups.entries()) points.data.set(mean, g * d);
  return {
    points,
    weights: Float64Array.from(groups, ({ weight }) => weight),
    labels: labelsOf(groups),
    spreads: areSeveral(state, groups) ? pooledSpread(state.batches, groups) : null,
  };
}

/** Whether points stand for several rows each. */
function areSeveral({ batches }: StoredState, groups: readonly StoredGroup[]): boolean {
  return groups.some(({ batch }) => batches[batch].groupSize > 1);
}

function labelsOf(groups: readonly StoredGroup[]): StoredPoints["labels"] {
  if (groups.length === 0 || groups.some(({ labels }) => labels === null)) return null;
  const classes = [...new Set(groups.flatMap(({ labels }) => labels!.map(([name]) => name)))];
  const columnOf = new Map(classes.map((name, column) => [name, column]));
  const counts = new Float64Array(groups.length * classes.length);
  for (const [g, { labels }] of groups.entries()) {
    for (const [name, count] of labels!) counts[g * classes.length + columnOf.get(name)!] = count;
  }
  return { classes, counts };
}

/**
 * The spread within batches and between the means of their points.
 *
 * @param groups at least one
 * @returns (d,) of one batch its own spread
 */
export function pooledSpread(batches: readonly StoredBatch[], groups: readonly StoredGroup[]): Float64Array {
  const parts = [...new Set(groups.map(({ batch }) => batch))].map((batch) => ({
    spread: batches[batch].spread,
    ...meanOf(groups.filter((group) => group.batch === batch)),
  }));
  const [{ spread }] = parts;
  if (parts.length === 1) return spread.slice();
  const all = meanOf(parts);
  return all.mean.map((_, j) => {
    // Over the largest of them, whose square may be beyond all numbers.
    const offsets = parts.map(({ mean }) => mean[j] - all.mean[j]);
    const most = Math.max(...parts.map(({ spread }) => spread[j]), ...offsets.map(Math.abs));
    if (most === 0) return 0;
    let sum = 0;
    for (const [i, { spread, weight }] of parts.entries()) {
      sum += (weight / all.weight) * ((spread[j] / most) ** 2 + (offsets[i] / most) ** 2);
    }
    return most * Math.sqrt(sum);
  });
}

/** The weighted mean of means; of equal ones their value to the bit. */
export function meanOf(groups: readonly Pick<StoredGroup, "mean" | "weight">[]): {
  mean: Float64Array;
  weight: number;
} {
  const weight = groups.reduce((sum, group) => sum + group.weight, 0);
  const [first] = groups;
  const mean = first.mean.map((origin, j) => {
    let shift = 0;
    for (const group of groups) shift += (group.weight / weight) * (group.mean[j] / 2 - origin / 2);
    return origin + 2 * shift + 0;
  });
  return { mean, weight };
}
