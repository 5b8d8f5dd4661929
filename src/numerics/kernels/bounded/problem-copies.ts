import { BOUNDED_PROBLEM } from "../memory/layouts.js";
import type { Address, Problem, ProblemSizes } from "./problem.js";

const { bytes: PROBLEM_BYTES, usize: PLACES } = BOUNDED_PROBLEM;

/** What every thread that works on a problem has for itself. */
const OWN = [
  "dirty",
  "stale",
  "counts",
  "float32Rows",
  "scratch",
  "active",
  "undecided",
  "labelsBefore",
] as const satisfies readonly Address[];

type Own = (typeof OWN)[number];

const alignUp = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** Bytes that one thread's copy takes. */
export function copyBytes(sizes: Omit<ProblemSizes, "copies">): number {
  return OWN.reduce((sum, name) => sum + alignUp(sizes[name]), alignUp(PROBLEM_BYTES));
}

/** Copies of a problem for threads that do some of its blocks: all the same, but for what each has for itself. */
export class ProblemCopies {
  readonly #problem: Problem;
  readonly #addresses: readonly number[];
  /** Of each copy: where each thing of its own is, as it differs from the problem's. */
  readonly #own: readonly Readonly<Record<Own, number>>[];
  readonly #k: number;
  readonly address: number;
  readonly bytes: number;

  /**
   * @param sizes with a region `copies` for so many
   * @param k number of centroids
   */
  constructor(problem: Problem, sizes: ProblemSizes, count: number, k: number) {
    this.#problem = problem;
    this.#k = k;
    this.address = problem.at.copies;
    this.bytes = copyBytes(sizes);
    this.#addresses = Array.from({ length: count }, (_, i) => this.address + i * this.bytes);
    this.#own = this.#addresses.map((address) => {
      let end = address + alignUp(PROBLEM_BYTES);
      const own = {} as Record<Own, number>;
      for (const name of OWN) {
        own[name] = end;
        end += alignUp(sizes[name]);
      }
      return own;
    });
  }

  /** Makes them what the problem is now, of which nobody has done anything. */
  prepare(): void {
    const bytes = new Uint8Array(this.#problem.memory.buffer);
    const words = new Uint32Array(this.#problem.memory.buffer);
    for (const [i, address] of this.#addresses.entries()) {
      bytes.copyWithin(address, this.#problem.address, this.#problem.address + PROBLEM_BYTES);
      for (const name of OWN) words[address / 4 + PLACES[name]] = this.#own[i][name];
      const { dirty, stale, counts } = this.#own[i];
      bytes.fill(0, dirty, dirty + this.#k);
      bytes.fill(0, stale, stale + this.#k);
      bytes.fill(0, counts, counts + 8 * this.#k);
    }
  }

  /** Takes into the problem which clusters changed, and by how many rows, in the blocks that others did. */
  gather(): void {
    const { buffer } = this.#problem.memory;
    const { at } = this.#problem;
    const stale = new Uint8Array(buffer, at.stale, this.#k);
    const counts = new Float64Array(buffer, at.counts, this.#k);
    for (const own of this.#own) {
      const theirStale = new Uint8Array(buffer, own.stale, this.#k);
      const theirCounts = new Float64Array(buffer, own.counts, this.#k);
      for (let c = 0; c < this.#k; c++) {
        stale[c] |= theirStale[c];
        counts[c] += theirCounts[c];
      }
    }
  }
}
