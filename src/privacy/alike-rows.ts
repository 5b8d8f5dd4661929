/*
 * A row's hash is several in one text, of equal lengths: of each half of its grouping columns, then of each third. Rows
 * that agree in one of them are alike: equal ones, and those that may be the same row with a value corrected, an age
 * that moved on, a unit. One column that moves on spoils one half, and two of them two thirds at most.
 */

/** Into how many parts the columns are dealt: once into halves, once into thirds. */
export const DEALS: readonly number[] = [2, 3];

/** Parts of a row, of all deals. */
export const N_PARTS: number = DEALS.reduce((sum, count) => sum + count);

/** Whether a part is a half of the columns, else it is a third. */
export function isOfHalf(part: number): boolean {
  return part < DEALS[0];
}

/** One part of the values of the rows that groups hold or held, to tell which others agree with them in it. */
export class HeldParts {
  readonly #part: number | "all";
  readonly #counts = new Map<string, number>();
  /** The share of these rows that agree with another of them. */
  readonly usual: number;

  /**
   * @param hashes of the rows, as often as they are held
   * @param part below `N_PARTS`
   */
  constructor(hashes: readonly string[], part: number | "all") {
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

function partOf(hash: string, part: number | "all"): string {
  if (part === "all") return hash;
  const length = hash.length / N_PARTS;
  return hash.slice(part * length, (part + 1) * length);
}
