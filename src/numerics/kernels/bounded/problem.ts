import { GROUP_STATE_BYTES, ROW_STATE_BYTES, SCREEN_BYTES, SCREEN_GROUP_BYTES } from "../constants.js";
import type { KernelMemory } from "../memory/instance.js";
import { BOUNDED_PROBLEM } from "../memory/layouts.js";
import { Struct } from "../memory/struct.js";

/** Kernels that assign rows by bounds; each takes the address of a BoundedProblem, see problem.as.ts. */
export interface BoundedKernels {
  openBegin(problem: number): void;
  openMove(problem: number): void;
  /** These three do some blocks of rows, first and behind the last, and several threads may do them at a time. */
  beginRows(problem: number, from: number, to: number): void;
  moveRows(problem: number, from: number, to: number): void;
  inertiaRows(problem: number, from: number, to: number): void;
  countMembers(problem: number): void;
  total(problem: number): void;
  /** Says which of the threads that work in this memory this is: at most `MOST_THREADS`, see row-helpers.ts. */
  joinAs(member: number): void;
}

export type Floats = Record<keyof (typeof BOUNDED_PROBLEM)["f64"], number>;
export type Counts = Record<keyof (typeof BOUNDED_PROBLEM)["i32"], number>;
export type Address = keyof (typeof BOUNDED_PROBLEM)["usize"];

/** Bytes of the problem and of each region, 0 where it is not used; the rows are elsewhere. */
export type ProblemSizes = Readonly<Record<"problem" | Exclude<Address, "rows">, number>>;

/** Bytes of scratch that kernels want, by the groups of centroids. */
export function scratchBytes(nGroups: number, panelsPerGroup: number): number {
  const refine = nGroups * (GROUP_STATE_BYTES + panelsPerGroup * 4);
  const screen = SCREEN_BYTES + nGroups * SCREEN_GROUP_BYTES;
  const elkanScreen = 4 * (ROW_STATE_BYTES + 32);
  return Math.max(refine, screen, elkanScreen);
}

/** A problem in memory: see problem.as.ts for what is where. */
export class Problem {
  readonly memory: KernelMemory;
  readonly layout: number;
  readonly at: Readonly<Record<Address, number>>;
  readonly #struct: Struct<typeof BOUNDED_PROBLEM>;

  /**
   * Lays the problem out; its floats are 0 at first.
   *
   * @param rows where they lie
   */
  constructor(memory: KernelMemory, counts: Counts, sizes: ProblemSizes, rows: number) {
    this.memory = memory;
    const { problem, ...regions } = memory.layOut(sizes);
    this.layout = memory.layout;
    const at = { ...regions, rows };
    if (counts.nBounds === 1) at.bounds = at.lowers;
    this.at = at;
    const floats: Floats = { slack: 0, anyDrift: 0, largestNorm: 0, bulkShare: 0 };
    this.#struct = new Struct(BOUNDED_PROBLEM, memory, problem, { ...floats, ...counts, ...at });
  }

  /** Address of the problem itself, which is what kernels take. */
  get address(): number {
    return this.#struct.address;
  }

  set(fields: Floats & Pick<Counts, "scores">): void {
    this.#struct.set(fields);
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
