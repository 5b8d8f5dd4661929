/*
 * A row's hash is two in one text: of the first half of its grouping columns, and of the others. Rows that agree in one
 * of them are alike: equal ones, and those that may be the same row with a value corrected, an age that moved on, a unit.
 */

/** Which part of a row's columns. */
export type Part = "first half" | "second half" | "all";

/** One part of the values of the rows that groups hold or held, to tell which others agree with them in it. */
export class HeldParts {
  readonly #part: Part;
  readonly #counts = new Map<string, number>();
  /** The share of these rows that agree with another of them. */
  readonly usual: number;

  /** @param hashes of the rows, as often as they are held */
  constructor(hashes: readonly string[], part: Part) {
    this.#part = part;
    for (const hash of hashes) {
      const key = partOf(hash, part);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    }
    let several = 0;
    for (const count of this.#counts.values()) if (count > 1) several += count;
    this.usual = hashes.length === 0 ? 0 : several / hashes.length;
  }

  /** How many held rows agree with a row. */
  count(hash: string): number {
    return this.#counts.get(partOf(hash, this.#part)) ?? 0;
  }
}

function partOf(hash: string, part: Part): string {
  const middle = hash.length / 2;
  if (part === "all") return hash;
  return part === "first half" ? hash.slice(0, middle) : hash.slice(middle);
}
