import type { Matrix } from "../numerics/matrix.js";
import { type GroupSettings, isActive, type StoredGroup, type StoredState, waitOf } from "./stored-groups.js";
/** All rows of a client's file. */
export interface HashedRows {
  /** (n, d) of the grouping columns, in the state's order. */
  readonly rows: Matrix;
  /** (n,) keyed hashes of their values: equal for equal rows. */
  readonly hashes: readonly string[];
  /** (n,) index into `classes`; null where there are no labels. */
  readonly labels: Int32Array | null;
  readonly classes: readonly string[];
}

/** What the rows of a file are to the groups of a state. */
export interface Stock {
  /** Groups that take part no more, as one of their rows is gone. */
  readonly retiring: readonly StoredGroup[];
  /** Hashes of all rows of groups that were retired, these included. */
  readonly retired: readonly string[];
  /** Hashes of all rows that a group holds or held. */
  readonly held: readonly string[];
  /** Rows of the groups that are retiring which are not there any more. */
  readonly gone: number;
  /** Numbers of the rows that no group holds or held, in an order that follows from values and labels. */
  readonly fresh: readonly number[];
  /** Those of them with the values of a row that a group holds or held. */
  readonly copies: readonly number[];
}

/** Counts of things, by name. */
class Multiset {
  readonly #counts = new Map<string, number>();

  constructor(names: Iterable<string>) {
    for (const name of names) this.#counts.set(name, this.count(name) + 1);
  }

  count(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Takes one away; says whether there was one. */
  take(name: string): boolean {
    const count = this.count(name);
    if (count > 0) this.#counts.set(name, count - 1);
    return count > 0;
  }

  /** Takes all of them away, or none. */
  takeAll(names: readonly string[]): boolean {
    const taken: string[] = [];
    for (const name of names) {
      if (this.take(name)) {
        taken.push(name);
        continue;
      }
      for (const back of taken) this.#counts.set(back, this.count(back) + 1);
      return false;
    }
    return true;
  }
}

/**
 * Finds for a file's rows which stored groups are there as a whole. A group of which one row is gone is retired: its
 * other rows, should they be there or come back, are of no group ever again, as the difference of two groups of nearly
 * the same rows would be one of few rows.
 */
export function takeStock(state: StoredState, { hashes, labels }: HashedRows): Stock {
  const there = new Multiset(hashes);
  const active = state.groups.filter(isActive);
  const retiring = active.filter(({ rows }) => !there.takeAll(rows));
  const retired = [...state.retired, ...retiring.flatMap(({ rows }) => rows)];
  let gone = retiring.reduce((sum, { rows }) => sum + rows.length, 0);
  const retiringRows = new Multiset(retiring.flatMap(({ rows }) => rows));
  for (const hash of retired) {
    if (there.take(hash) && retiringRows.take(hash)) gone -= 1;
  }
  const leaving = new Set(retiring);
  const held = [...active.filter((group) => !leaving.has(group)).flatMap(({ rows }) => rows), ...retired];
  const known = new Set(held);
  const order = Array.from(hashes, (_, i) => i);
  // Of rows of equal values those that are held are the first by class: never by the order of the file.
  if (labels !== null) order.sort((a, b) => labels[b] - labels[a]);
  const fresh = order.filter((i) => there.take(hashes[i]));
  return { retiring, retired, held, gone, fresh, copies: fresh.filter((i) => known.has(hashes[i])) };
}

/**
 * Which fresh rows are grouped now: all, or all but copies, or none while there are too few. The first rows of a state
 * wait for nothing more than to make a group.
 *
 * A file with a part of its rows twice would bring them into a second partition. Few copies can do no harm: groups that
 * share at most half of their size with others differ by no fewer rows than that size. More are taken only where the
 * rows that groups hold or held have equals among them at least half as often, as rows of few different values do.
 */
export function rowsToGroup(settings: GroupSettings, isFirst: boolean, stock: Stock): readonly number[] {
  const { fresh, copies, held } = stock;
  const { groupSize } = settings;
  const usual = 2 * shareOfEquals(held) * fresh.length;
  const areUsual = copies.length <= Math.max(groupSize / 2, usual);
  const apart = new Set(copies);
  const rows = areUsual ? fresh : fresh.filter((i) => !apart.has(i));
  return rows.length < (isFirst ? groupSize : waitOf(settings)) ? [] : rows;
}

/** The share of rows that have an equal. */
function shareOfEquals(hashes: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  let equals = 0;
  for (const count of counts.values()) if (count > 1) equals += count;
  return hashes.length === 0 ? 0 : equals / hashes.length;
}
