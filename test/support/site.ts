import assert from "node:assert/strict";
import { randomStream } from "#src/numerics/random.js";
import { emptyState, type GroupSettings, isActive, type StoredState } from "#src/privacy/stored-groups.js";
import type { HashedRows } from "#src/privacy/take-stock.js";
import { type AskedOfGroups, type GroupsChange, updateGroups } from "#src/privacy/update-groups.js";

/* A client whose rows change, and who is in which of the groups that it ever computed with. */

export type Row = readonly number[];

/** What stands for the hash of a row: the values of each half of its columns, then of each third, as long as any other. */
export function nameOf(row: Row): string {
  const parts = [2, 3].flatMap((count) => {
    const different = Math.min(count, row.length);
    return Array.from({ length: count }, (_, p) => row.filter((_, j) => j % different === p % different));
  });
  return parts.map((part) => part.join(" ").padEnd(80)).join("");
}

/** Rows as a state takes them, whose hashes are their values: tests can read them. */
export function hashed(rows: readonly Row[], labels: readonly string[] | null = null): HashedRows {
  const classes = [...new Set(labels ?? [])].sort();
  return {
    rows: { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns: rows[0]?.length ?? 2 },
    hashes: rows.map(nameOf),
    labels: labels === null ? null : Int32Array.from(labels, (label) => classes.indexOf(label)),
    classes,
  };
}

/** Rows that all differ, in four heaps. */
export function drawRows(seed: number, count: number, nColumns = 2): Row[] {
  const random = randomStream(seed, "site");
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: nColumns }, (_, j) => 4 * ((i >> (j % 2)) % 2) + random.normal()),
  );
}

/** A state, with all the points that were ever computed with. */
export class Site {
  state: StoredState;
  /** The rows of each group that ever took part, by their hashes. */
  readonly released = new Map<string, readonly string[]>();

  constructor(settings: Partial<GroupSettings> = {}, nColumns = 2) {
    const nameless = { nColumns, columns: null, labelColumn: null };
    this.state = emptyState({ groupSize: 5, groupScale: "std", wait: null, ...settings }, nameless);
  }

  bring(data: HashedRows | readonly Row[], asked: AskedOfGroups = {}): GroupsChange {
    const change = updateGroups(this.state, "hashes" in data ? data : hashed(data), asked);
    this.state = change.state;
    for (const rows of this.groups()) this.released.set([...rows].sort().join("; "), rows);
    return change;
  }

  /** The rows of each group that takes part, by their hashes. */
  groups(): (readonly string[])[] {
    return this.state.groups.filter(isActive).map(({ rows }) => rows);
  }

  /** Hashes of the rows that take part. */
  taking(): string[] {
    return this.groups().flat();
  }
}

/**
 * The least number of rows that a sum which follows from these groups' sums can be of, as a bound from below: whoever
 * knows who is in which group can tell rows apart only if they are in different groups, so every combination weighs the
 * rows of such a class alike. All rows must differ.
 */
export function fewestRows(released: Iterable<readonly string[]>): number {
  const memberships = new Map<string, number[]>();
  for (const [g, rows] of [...released].entries()) {
    assert.equal(new Set(rows).size, rows.length, "rows differ");
    for (const row of rows) memberships.set(row, [...(memberships.get(row) ?? []), g]);
  }
  const classes = new Map<string, number>();
  for (const groups of memberships.values()) {
    const key = groups.join(" ");
    classes.set(key, (classes.get(key) ?? 0) + 1);
  }
  return Math.min(...classes.values());
}

/** Whether the sum of some rows follows from the sums of groups: by elimination, in numbers modulo a prime. */
export function follows(target: readonly string[], released: Iterable<readonly string[]>): boolean {
  const vectors = [...released].map((rows) => new Map(rows.map((row) => [row, 1n])));
  const wanted = new Map(target.map((row) => [row, 1n]));
  const pivots = new Map<string, Map<string, bigint>>();
  const reduce = (vector: Map<string, bigint>) => {
    for (const [row, pivot] of pivots) {
      const factor = vector.get(row) ?? 0n;
      if (factor === 0n) continue;
      for (const [other, x] of pivot) {
        const left = modulo((vector.get(other) ?? 0n) - factor * x);
        if (left === 0n) vector.delete(other);
        else vector.set(other, left);
      }
    }
    return vector;
  };
  for (const vector of vectors) {
    const [first] = reduce(vector).entries();
    if (first === undefined) continue;
    const inverse = power(first[1], PRIME - 2n);
    const pivot = new Map([...vector].map(([row, x]) => [row, modulo(x * inverse)]));
    for (const [row, other] of pivots) {
      const factor = other.get(first[0]) ?? 0n;
      if (factor === 0n) continue;
      for (const [at, x] of pivot) {
        const left = modulo((other.get(at) ?? 0n) - factor * x);
        if (left === 0n) other.delete(at);
        else other.set(at, left);
      }
      pivots.set(row, other);
    }
    pivots.set(first[0], pivot);
  }
  return reduce(wanted).size === 0;
}

const PRIME = 2n ** 61n - 1n;

function modulo(x: bigint): bigint {
  return ((x % PRIME) + PRIME) % PRIME;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base, e = exponent; e > 0n; e >>= 1n, b = modulo(b * b))
    if (e & 1n) result = modulo(result * b);
  return result;
}
