import type { Matrix } from "../numerics/matrix.js";
import { HeldParts, isOfHalf, N_PARTS } from "./alike-rows.js";
import { type GroupSettings, isActive, type StoredGroup, type StoredState, waitOf } from "./stored-groups.js";

/** All rows of a client's file. */
export interface HashedRows {
  /** (n, d) of the grouping columns, in the state's order. */
  readonly rows: Matrix;
  /** (n,) keyed hashes of their values, of each part of the columns in one text: `N_PARTS`, of equal lengths. */
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
  /** Rows of the groups that are retiring which are not there any more. */
  readonly gone: number;
  /** Numbers of the rows that no group holds or held, in an order that follows from values and labels. */
  readonly fresh: readonly number[];
  /** For each part of the columns those of them that agree in it with a row that a group holds or held. */
  readonly alike: readonly AlikeRows[];
  /** Of fresh rows that are equal to such a row, to how many, by the row's number. */
  readonly equals: ReadonlyMap<number, number>;
}

/** Rows that are like others in a part of their columns. */
interface AlikeRows {
  readonly rows: readonly number[];
  /**
   * The share of the rows that groups hold or held which are so among themselves; in a third of the columns that of the
   * fresh rows, if larger.
   */
  readonly usual: number;
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
  const staying = active.filter((group) => !leaving.has(group));
  const held = [...staying.flatMap(({ rows }) => rows), ...retired];
  const order = Array.from(hashes, (_, i) => i);
  // Of rows of equal values those that are held are the first by class: never by the order of the file.
  if (labels !== null) order.sort((a, b) => labels[b] - labels[a]);
  const fresh = order.filter((i) => there.take(hashes[i]));
  const all = new HeldParts(held, "all");
  const equals = new Map(
    fresh.map((i) => [i, all.count(hashes[i])] as const).filter(([, count]) => count > 0),
  );
  const different = [...new Set(fresh.map((i) => hashes[i]))];
  const alike = Array.from({ length: N_PARTS }, (_, number) => {
    const part = new HeldParts(held, number);
    const usual = isOfHalf(number)
      ? part.usual
      : Math.max(part.usual, new HeldParts(different, number).usual);
    return { rows: fresh.filter((i) => part.count(hashes[i]) > 0), usual };
  });
  return { retiring, retired, gone, fresh, alike, equals };
}

/** Held rows that are equal, over those that a group has at least, from which on a row like them is no surprise. */
const COMMON = 2;

/**
 * Which fresh rows are grouped now: all, or all but those that are like rows that groups hold or held, or none while there
 * are too few. The first rows of a state wait for nothing more than to make a group.
 *
 * A file with a part of its rows twice would bring them into a second partition, and so would one in which a column of all
 * rows moves on, as an age does, as to the other columns. Few rows can do no harm: where each batch has at most half a
 * group of them, every combination of groups is still of at least a group's rows, as each such row cancels at most two. More
 * are taken only where held rows agree with each other in that part of the columns at least half as often, as in columns of
 * few different values, or, in a third of the columns, fresh ones do, as few held rows say too little of few columns; and of
 * these again few that are equal to held rows, unless to many: the file may have rows twice.
 */
export function rowsToGroup(settings: GroupSettings, isFirst: boolean, stock: Stock): readonly number[] {
  const { fresh, alike, equals } = stock;
  const { groupSize } = settings;
  const unusual = alike.filter(({ rows, usual }) => rows.length > 2 * usual * fresh.length);
  const rare = [...equals].filter(([, count]) => count < COMMON * groupSize).map(([i]) => i);
  const suspects = new Set([...unusual.flatMap(({ rows }) => rows), ...rare]);
  const areFew = suspects.size <= groupSize / 2;
  const rows = areFew ? fresh : fresh.filter((i) => !suspects.has(i));
  return rows.length < (isFirst ? groupSize : waitOf(settings)) ? [] : rows;
}

/** Fresh rows that are like a row that a group holds or held in some part of their columns. */
export function allAlike({ alike }: Stock): ReadonlySet<number> {
  return new Set(alike.flatMap(({ rows }) => rows));
}
