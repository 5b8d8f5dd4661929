import type { Matrix } from "../numerics/matrix.js";
import type { GroupScale } from "./groups.js";

/** How a client's rows are put into groups, for good. */
export interface GroupSettings {
  /** Least number of rows of a group: a state that has had groups may raise it, never lower it. */
  readonly groupSize: number;
  readonly groupScale: GroupScale;
  /** How many rows that no group holds are grouped among themselves; null: four times the group size. */
  readonly wait: number | null;
}

/** Rows that were put into groups at one time, or groups that were merged at one time. */
export interface StoredBatch {
  /** (d,) what is stated of its rows' standard deviation, fixed since; NaN where nothing is. */
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
  /** Where the first rows had their labels; null where they had none, or in a column without a name. */
  readonly labelColumn: string | null;
  readonly batches: readonly StoredBatch[];
  readonly groups: readonly StoredGroup[];
  /** Hashes of all rows of groups that were retired: a row is here as often as it was in one. */
  readonly retired: readonly string[];
  /** Hashes of the rows that no group held when rows were last looked at. */
  readonly waiting: readonly string[];
}

/** What a client computes from. */
export interface StoredPoints {
  /** (n, d) */
  readonly points: Matrix;
  /** (n,) number of rows behind each; null: one each. */
  readonly weights: Float64Array | null;
  /** Rows of each class behind each point, entry by entry; null unless every point has labels. */
  readonly labels: {
    readonly classes: readonly string[];
    readonly classOf: Int32Array;
    readonly pointOf: Int32Array;
    readonly rows: Float64Array;
  } | null;
  /** (d,) standard deviations, coarsely, NaN where none is stated; null where points are rows, or there are none. */
  readonly spreads: Float64Array | null;
}

/** A state of no rows yet. */
export function emptyState(
  settings: GroupSettings,
  of: Pick<StoredState, "nColumns" | "columns" | "labelColumn">,
): StoredState {
  return { version: 0, settings, ...of, batches: [], groups: [], retired: [], waiting: [] };
}

export function isActive({ until }: StoredGroup): boolean {
  return until === null;
}

/** Without the groups that took part in no version from this one on. */
export function forgetBefore(state: StoredState, version: number): StoredState {
  return { ...state, groups: state.groups.filter(({ until }) => until === null || until > version) };
}

/** How many rows have to wait before they are grouped, but for the first ones, which only have to make a group. */
export function waitOf({ wait, groupSize }: GroupSettings): number {
  return wait ?? 4 * groupSize;
}

/** The groups that took part at a version, but for those that were forgotten since. */
export function groupsAt({ groups }: StoredState, version: number): StoredGroup[] {
  return groups.filter(({ from, until }) => from <= version && (until === null || version < until));
}

/**
 * The points of a state as they were at a version, in an order that follows from the rows' values and from when they
 * came.
 *
 * @param version at most the state's own; points of groups that were forgotten since are missing
 */
export function pointsAt(state: StoredState, version: number): StoredPoints {
  const groups = groupsAt(state, version);
  const d = state.nColumns;
  const points = { data: new Float64Array(groups.length * d), nRows: groups.length, nColumns: d };
  for (const [g, { mean }] of groups.entries()) points.data.set(mean, g * d);
  const areSeveral = groups.some(({ batch }) => state.batches[batch].groupSize > 1);
  return {
    points,
    weights: areSeveral || groups.length === 0 ? Float64Array.from(groups, ({ weight }) => weight) : null,
    labels: labelsOf(groups),
    spreads: areSeveral ? pooledSpread(state.batches, groups) : null,
  };
}

function labelsOf(groups: readonly StoredGroup[]): StoredPoints["labels"] {
  if (groups.length === 0 || groups.some(({ labels }) => labels === null)) return null;
  const entries = groups.flatMap(({ labels }, g) => labels!.map(([name, count]) => ({ name, count, g })));
  const classes = [...new Set(entries.map(({ name }) => name))];
  const indices = new Map(classes.map((name, index) => [name, index]));
  return {
    classes,
    classOf: Int32Array.from(entries, ({ name }) => indices.get(name)!),
    pointOf: Int32Array.from(entries, ({ g }) => g),
    rows: Float64Array.from(entries, ({ count }) => count),
  };
}

/**
 * The spread within batches and between the means of their points. A batch that states none of a feature is taken for one
 * that spreads as those that do.
 *
 * @param groups at least one
 * @returns (d,) of one batch its own spread; NaN where none states any
 */
export function pooledSpread(batches: readonly StoredBatch[], groups: readonly StoredGroup[]): Float64Array {
  const parts = [...new Set(groups.map(({ batch }) => batch))].map((batch) => ({
    spread: batches[batch].spread,
    ...meanOf(groups.filter((group) => group.batch === batch)),
  }));
  if (parts.length === 1) return parts[0].spread.slice();
  const all = meanOf(parts);
  return all.mean.map((_, j) => {
    const stated = parts.filter(({ spread }) => !Number.isNaN(spread[j]));
    if (stated.length === 0) return Number.NaN;
    const within = rootMeanSquare(stated.map(({ spread, weight }) => ({ value: spread[j], weight })));
    const between = rootMeanSquare(
      parts.map(({ mean, weight }) => ({ value: mean[j] - all.mean[j], weight })),
    );
    return Math.SQRT2 * rootMeanSquare([within, between].map((value) => ({ value, weight: 1 })));
  });
}

function rootMeanSquare(values: readonly { value: number; weight: number }[]): number {
  // Over the largest of them, whose square may be beyond all numbers.
  const most = Math.max(...values.map(({ value }) => Math.abs(value)));
  if (most === 0) return 0;
  const weight = values.reduce((sum, one) => sum + one.weight, 0);
  const sum = values.reduce((sum, one) => sum + (one.weight / weight) * (one.value / most) ** 2, 0);
  return most * Math.sqrt(sum);
}

/** The weighted mean of means; of equal ones their value to the bit. */
function meanOf(groups: readonly Pick<StoredGroup, "mean" | "weight">[]): {
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
