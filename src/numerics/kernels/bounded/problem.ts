import type { KernelMemory } from "../memory/instance.js";

/** The fields of problem.as.ts, in its order: those of 8 bytes, counts, addresses. */
const FLOATS = ["slack", "anyDrift", "longest", "share"] as const;
const COUNTS = [
  "n",
  "d",
  "k",
  "batchRows",
  "nGroups",
  "panelsPerGroup",
  "nBounds",
  "measures",
  "scores",
] as const;
const ADDRESSES = [
  "rows",
  "weights",
  "labels",
  "uppers",
  "lowers",
  "bounds",
  "blockSums",
  "inertias",
  "sums",
  "counts",
  "dirty",
  "stale",
  "centroids",
  "panels",
  "indices",
  "groups",
  "groupDrifts",
  "drifts",
  "singleDrifts",
  "halves",
  "centre",
  "singlePanels",
  "norms",
  "singleIndices",
  "places",
  "singles",
  "scratch",
  "gates",
  "active",
  "doubts",
  "before",
  "copies",
] as const;

export type Floats = Record<(typeof FLOATS)[number], number>;
export type Counts = Record<Exclude<(typeof COUNTS)[number], "measures" | "scores">, number>;
export type Address = (typeof ADDRESSES)[number];

export type ProblemSizes = { readonly problem: number } & Readonly<Partial<Record<Address, number>>>;

/** As in state.as.ts. */
const STATE_BYTES = 96;
/** Of the problem itself. */
export const PROBLEM_BYTES: number = 8 * FLOATS.length + 4 * (COUNTS.length + ADDRESSES.length);

/** Where a problem at some address keeps an address. */
export function placeOfAddress(problem: number, name: Address): number {
  return problem + 8 * FLOATS.length + 4 * (COUNTS.length + ADDRESSES.indexOf(name));
}

/** Bytes of scratch that kernels want, by the groups of centroids. */
export function scratchBytes(nGroups: number, panelsPerGroup: number): number {
  return Math.max(4, nGroups) * STATE_BYTES + nGroups * panelsPerGroup * 4 + 64 * nGroups + 160 + 64;
}

/** A problem in memory: see problem.as.ts for what is where. */
export class Problem {
  readonly memory: KernelMemory;
  readonly layout: number;
  /** Address of the problem itself, which is what kernels take. */
  readonly address: number;
  readonly at: Readonly<Record<Address, number>>;

  /**
   * Lays the problem out.
   *
   * @param sizes bytes of the problem and of each region; one that is missing is not used
   * @param elsewhere addresses that are not regions of their own
   */
  constructor(
    memory: KernelMemory,
    counts: Counts,
    sizes: ProblemSizes,
    elsewhere: Partial<Record<Address, number>> = {},
  ) {
    this.memory = memory;
    const { problem, ...regions } = memory.layOut<string>(sizes);
    this.layout = memory.layout;
    this.address = problem;
    const at = Object.fromEntries(ADDRESSES.map((name) => [name, 0])) as Record<Address, number>;
    this.at = Object.assign(at, regions, elsewhere);
    if (counts.nBounds === 1) at.bounds = at.lowers;
    const words = [
      ...COUNTS.map((name) => (name === "measures" || name === "scores" ? 0 : counts[name])),
      ...ADDRESSES.map((name) => this.at[name]),
    ];
    new Uint32Array(memory.buffer, problem + 8 * FLOATS.length, words.length).set(words);
  }

  setFloats(floats: Floats): void {
    const values = FLOATS.map((name) => floats[name]);
    new Float64Array(this.memory.buffer, this.address, values.length).set(values);
  }

  /** Whether inertias are added up as rows are assigned. */
  setScores(scores: boolean): void {
    const at = this.address + 8 * FLOATS.length + 4 * COUNTS.indexOf("scores");
    new Int32Array(this.memory.buffer, at, 1)[0] = Number(scores);
  }

  /** A view of a region. */
  float64s(name: Address, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, this.at[name], length);
  }

  float32s(name: Address, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, this.at[name], length);
  }

  int32s(name: Address, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, this.at[name], length);
  }
}
