import { theSetting, UsageError } from "../errors.js";
import { coarse, coarseSpread } from "./coarse-spread.js";
import { groupRows, pointsOf } from "./groups.js";
import {
  type ClassCount,
  type GroupSettings,
  isActive,
  pooledSpread,
  type StoredBatch,
  type StoredGroup,
  type StoredState,
} from "./stored-groups.js";
import type { HashedRows, Stock } from "./take-stock.js";

/** The next version of a state in the making. */
export class StateChange {
  readonly #state: StoredState;
  readonly #settings: GroupSettings;
  readonly #retired: readonly string[];
  readonly #next: number;
  readonly #groups: StoredGroup[];
  readonly #batches: StoredBatch[];

  constructor(state: StoredState, settings: GroupSettings, { retiring, retired }: Stock) {
    this.#state = state;
    this.#settings = settings;
    this.#retired = retired;
    this.#next = state.version + 1;
    const leaving = new Set(retiring);
    this.#groups = state.groups.map((group) => (leaving.has(group) ? this.#ended(group) : group));
    this.#batches = [...state.batches];
  }

  /** Puts groups together until each has the size asked for; returns how many there were. */
  merge(): number {
    const { groupSize, groupScale } = this.#settings;
    const before = this.#groups.filter(isActive);
    if (before.length === 0) return 0;
    const d = this.#state.nColumns;
    const data = new Float64Array(before.length * d);
    for (const [g, { mean }] of before.entries()) data.set(mean, g * d);
    const weights = Float64Array.from(before, ({ weight }) => weight);
    const all = weights.reduce((sum, weight) => sum + weight);
    if (all < groupSize) {
      throw new UsageError(
        `${theSetting("groupSize")} must be at most ${all}, the rows in groups of the state, found ${groupSize}`,
      );
    }
    const rows = { data, nRows: before.length, nColumns: d };
    // Points that are rows say how far rows spread.
    const areRows = before.every(({ weight }) => weight === 1);
    const spread = areRows ? coarseSpread(rows, groupSize) : pooledSpread(this.#batches, before).map(coarse);
    const groups = groupRows(rows, weights, groupSize, groupScale);
    const { points, weights: sums } = pointsOf(rows, weights, groups);
    for (const [g, group] of this.#groups.entries())
      if (isActive(group)) this.#groups[g] = this.#ended(group);
    this.#add(spread, sums.length, (g) => {
      const parts = Array.from(
        groups.rows.subarray(groups.starts[g], groups.starts[g + 1]),
        (i) => before[i],
      );
      return {
        rows: parts.flatMap((part) => part.rows),
        mean: points.data.slice(g * d, (g + 1) * d),
        weight: sums[g],
        labels: addedUp(parts.map(({ labels }) => labels)),
      };
    });
    return before.length;
  }

  /** Makes groups of rows; returns how many. */
  group({ rows: all, hashes, labels, classes }: HashedRows, chosen: readonly number[]): number {
    const { groupSize, groupScale } = this.#settings;
    const d = all.nColumns;
    const data = new Float64Array(chosen.length * d);
    for (const [at, i] of chosen.entries()) data.set(all.data.subarray(i * d, (i + 1) * d), at * d);
    const rows = { data, nRows: chosen.length, nColumns: d };
    const groups = groupRows(rows, null, groupSize, groupScale);
    const { points, weights } = pointsOf(rows, null, groups);
    this.#add(coarseSpread(rows, groupSize), weights.length, (g) => {
      const members = Array.from(
        groups.rows.subarray(groups.starts[g], groups.starts[g + 1]),
        (at) => chosen[at],
      );
      return {
        rows: members.map((i) => hashes[i]),
        mean: points.data.slice(g * d, (g + 1) * d),
        weight: weights[g],
        labels: labels && addedUp(members.map((i) => [[classes[labels[i]], 1]])),
      };
    });
    return weights.length;
  }

  /** @param waiting hashes of the rows that wait */
  result(waiting: readonly string[]): StoredState {
    const before = this.#state;
    const isOther =
      this.#groups.length > before.groups.length || this.#groups.some((g, i) => g !== before.groups[i]);
    return {
      ...before,
      version: isOther ? this.#next : before.version,
      settings: this.#settings,
      batches: this.#batches,
      groups: this.#groups,
      retired: this.#retired,
      waiting,
    };
  }

  #ended(group: StoredGroup): StoredGroup {
    return { ...group, rows: [], until: this.#next };
  }

  #add(
    spread: Float64Array,
    count: number,
    groupOf: (g: number) => Pick<StoredGroup, "rows" | "mean" | "weight" | "labels">,
  ): void {
    const batch = this.#batches.push({ spread, groupSize: this.#settings.groupSize }) - 1;
    for (let g = 0; g < count; g++)
      this.#groups.push({ ...groupOf(g), batch, from: this.#next, until: null });
  }
}

/** Counts of all classes, by their names; null where one has none. */
function addedUp(parts: readonly (readonly ClassCount[] | null)[]): readonly ClassCount[] | null {
  const sums = new Map<string, number>();
  for (const part of parts) {
    if (part === null) return null;
    for (const [name, count] of part) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
}
