import { BLOCK_ROWS } from "../../blocks.js";
import { type KernelExports, type KernelMemory, kernelsIn, type WasmMemory } from "../memory/instance.js";
import {
  BELL,
  type Desk,
  finish,
  HAS_FAILED,
  IS_OPEN,
  isBusy,
  KERNEL,
  MEMORY,
  MOST_MEMBERS,
  N_INSIDE,
  N_ROWS,
  NEXT,
  PROBLEM_STRIDE,
  PROBLEMS,
  placeOf,
  ring,
  sizeOf,
} from "./desk.js";

/*
 * Threads that help one another: whoever has nothing to do takes blocks of rows off whoever has. Each block is done
 * by one thread, whichever, and what is found of it does not depend on which; sums of blocks are added up in order
 * by the thread whose rows they are.
 */

/** Kernels that do some blocks of rows. */
const KERNELS = ["beginRows", "moveRows", "inertiaRows"] as const;
export type BlockKernel = (typeof KERNELS)[number];

/** Rows taken at a time. */
const CHUNK_ROWS = 2 * BLOCK_ROWS;
/** Milliseconds after which a member that was woken by nobody looks up. */
const LONGEST_NAP = 1000;

/** A job of which others may do a part. */
export interface SharedJob {
  readonly memory: KernelMemory;
  readonly kernel: BlockKernel;
  readonly nRows: number;
  /** Address of the problem, for this thread. */
  readonly problem: number;
  /** Address of a copy of it for member 0, and bytes from one member's to the next. */
  readonly copies: number;
  readonly copyBytes: number;
}

/** One of some threads that help one another. */
export class Crew {
  readonly size: number;
  readonly #desk: Desk;
  readonly #member: number;
  readonly #announce: (id: number, memory: WasmMemory) => void;
  readonly #ids = new WeakMap<KernelMemory, number>();
  #nIds = 0;
  readonly #foreign = new Map<number, WasmMemory>();
  readonly #kernels = new Map<number, KernelExports>();

  /**
   * @param member which one, from 0
   * @param announce is to bring a memory of this thread's to the `know` of all others, some time
   */
  constructor(desk: Desk, member: number, announce: (id: number, memory: WasmMemory) => void) {
    this.size = sizeOf(desk);
    this.#desk = desk;
    this.#member = member;
    this.#announce = announce;
  }

  /** Another member's memory. */
  know(id: number, memory: WasmMemory): void {
    this.#foreign.set(id, memory);
  }

  /** Does a job, with whoever has time. What its copies hold is the caller's to prepare, and to take in after. */
  share({ memory, kernel, nRows, problem, copies, copyBytes }: SharedJob): void {
    const desk = this.#desk;
    const place = placeOf(this.#member);
    desk[place + MEMORY] = this.#idOf(memory);
    desk[place + KERNEL] = KERNELS.indexOf(kernel);
    desk[place + PROBLEMS] = copies;
    desk[place + PROBLEM_STRIDE] = copyBytes;
    desk[place + N_ROWS] = nRows;
    desk[place + HAS_FAILED] = 0;
    Atomics.store(desk, place + NEXT, 0);
    Atomics.store(desk, place + IS_OPEN, 1);
    ring(desk);
    try {
      doChunks(desk, place, memory.kernels[kernel], problem);
    } finally {
      Atomics.store(desk, place + IS_OPEN, 0);
      // Whoever came before it was closed is done before this returns; whoever comes after sees that it is closed.
      for (;;) {
        const nInside = Atomics.load(desk, place + N_INSIDE);
        if (nInside === 0) break;
        Atomics.wait(desk, place + N_INSIDE, nInside);
      }
    }
    if (Atomics.load(desk, place + HAS_FAILED) === 1) throw new Error("a thread that helped has failed");
  }

  /** Says that this member has done a piece of work that it was given. */
  done(): void {
    finish(this.#desk, this.#member);
  }

  /**
   * Helps the others, until none of them is at work or there is work for this one; not at all where it knows of no
   * memory of theirs.
   *
   * @returns with how many jobs it helped
   */
  help(): number {
    if (this.#foreign.size === 0) return 0;
    for (let nJobs = 0; ; ) {
      const bell = Atomics.load(this.#desk, BELL);
      if (isBusy(this.#desk, this.#member)) return nJobs;
      let isAnyBusy = false;
      let hasHelped = false;
      for (let member = 0; member < this.size; member++) {
        if (member === this.#member) continue;
        if (isBusy(this.#desk, member)) isAnyBusy = true;
        if (!this.#helpWith(placeOf(member))) continue;
        hasHelped = true;
        nJobs += 1;
      }
      if (hasHelped) continue;
      if (!isAnyBusy) return nJobs;
      Atomics.wait(this.#desk, BELL, bell, LONGEST_NAP);
    }
  }

  /** Does what is left of the job that a member shares, if it shares one; returns whether there was anything. */
  #helpWith(place: number): boolean {
    const desk = this.#desk;
    if (Atomics.load(desk, place + IS_OPEN) === 0) return false;
    Atomics.add(desk, place + N_INSIDE, 1);
    try {
      if (Atomics.load(desk, place + IS_OPEN) === 0) return false;
      const kernels = this.#kernelsIn(desk[place + MEMORY]);
      if (kernels === null) return false;
      const problem = (desk[place + PROBLEMS] >>> 0) + this.#member * desk[place + PROBLEM_STRIDE];
      return doChunks(desk, place, kernels[KERNELS[desk[place + KERNEL]]], problem);
    } catch (error) {
      Atomics.store(desk, place + HAS_FAILED, 1);
      throw error;
    } finally {
      Atomics.sub(desk, place + N_INSIDE, 1);
      Atomics.notify(desk, place + N_INSIDE);
    }
  }

  #kernelsIn(id: number): KernelExports | null {
    let kernels = this.#kernels.get(id);
    if (kernels === undefined) {
      const memory = this.#foreign.get(id);
      if (memory === undefined) return null;
      kernels = kernelsIn(memory, 1 + this.#member);
      this.#kernels.set(id, kernels);
    }
    return kernels;
  }

  #idOf(memory: KernelMemory): number {
    let id = this.#ids.get(memory);
    if (id === undefined) {
      id = this.#nIds++ * MOST_MEMBERS + this.#member;
      this.#ids.set(memory, id);
      this.#announce(id, memory.host);
    }
    return id;
  }
}

/** Takes rows until all are taken; returns whether there were any. */
function doChunks(
  desk: Desk,
  place: number,
  kernel: (problem: number, from: number, to: number) => void,
  problem: number,
): boolean {
  const nRows = desk[place + N_ROWS];
  for (let hasDone = false; ; hasDone = true) {
    // Looked at first, so that it does not grow without end.
    if (Atomics.load(desk, place + NEXT) >= nRows) return hasDone;
    const from = Atomics.add(desk, place + NEXT, CHUNK_ROWS);
    if (from >= nRows) return hasDone;
    kernel(problem, from, Math.min(nRows, from + CHUNK_ROWS));
  }
}

let current: Crew | null = null;

/** From now on this thread shares what it has to do with others. */
export function joinCrew(crew: Crew): void {
  current = crew;
}

/** The crew that this thread belongs to, if it belongs to one. */
export function ownCrew(): Crew | null {
  return current;
}
