/*
 * A row's hash is two in one text: of the first half of its grouping columns, and of the others. Rows that agree in one
 * of them are alike: equal ones, and those that may be the same row with a value corrected, an age that moved on, a unit.
 */

/** The rows that groups hold or held, to tell which others are like one of them. */
export class HeldRows {
  readonly #first = new Map<string, number>();
  readonly #second = new Map<string, number>();
  readonly #whole = new Map<string, number>();
  readonly #hashes: readonly string[];

  /** @param hashes of the rows, as often as they are held */
  constructor(hashes: readonly string[]) {
    this.#hashes = hashes;
    for (const hash of hashes) {
      const [first, second] = halvesOf(hash);
      this.#whole.set(hash, (this.#whole.get(hash) ?? 0) + 1);
      this.#first.set(first, (this.#first.get(first) ?? 0) + 1);
      this.#second.set(second, (this.#second.get(second) ?? 0) + 1);
    }
  }

  /** Whether a row that is not held is like one that is. */
  areLike(hash: string): boolean {
    const [first, second] = halvesOf(hash);
    return this.#first.has(first) || this.#second.has(second);
  }

  /** How many held rows are equal to a row. */
  equalTo(hash: string): number {
    return this.#whole.get(hash) ?? 0;
  }

  /** The share of the held rows that are like another. */
  shareAlike(): number {
    const areAlike = this.#hashes.filter((hash) => {
      const [first, second] = halvesOf(hash);
      return this.#first.get(first)! > 1 || this.#second.get(second)! > 1;
    });
    return this.#hashes.length === 0 ? 0 : areAlike.length / this.#hashes.length;
  }
}

function halvesOf(hash: string): [string, string] {
  const middle = hash.length / 2;
  return [hash.slice(0, middle), hash.slice(middle)];
}
