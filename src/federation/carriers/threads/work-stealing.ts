import { BLOCK_ROWS } from "../../../numerics/blocks.js";
import { openRowHelper } from "../../../numerics/open-row-helper.js";
import {
  MOST_THREADS,
  type RowHelpers,
  type RowTask,
  type RunRows,
  type SharedMemory,
} from "../../../numerics/row-helpers.js";
import {
  type ControlBlock,
  finish,
  HAS_FAILED,
  IS_OPEN,
  isBusy,
  MEMORY,
  N_INSIDE,
  N_ROWS,
  NEXT_ROW,
  readTask,
  sizeOf,
  WAKE_WORD,
  wake,
  wordsOf,
  writeTask,
} from "./control-block.js";

/** Rows taken at a time. */
const CHUNK_ROWS = 2 * BLOCK_ROWS;
/** Milliseconds after which a thread that waits looks for work although nothing woke it. */
const LONGEST_WAIT = 1000;

/**
 * One thread's part in a work-stealing pool: a thread that has nothing to do takes blocks of rows from one that has.
 * Each block is done by one thread, and what it comes to does not depend on which; sums of blocks are added up in
 * order by the thread whose rows they are.
 */
export class WorkStealingPool implements RowHelpers {
  readonly size: number;
  readonly #block: ControlBlock;
  readonly #thread: number;
  readonly #announce: (id: number, memory: SharedMemory) => void;
  readonly #ids = new WeakMap<SharedMemory, number>();
  #nIds = 0;
  /** Memories of the other threads, by their ids. */
  readonly #memories = new Map<number, SharedMemory>();
  readonly #helpers = new Map<number, (task: RowTask) => RunRows>();

  /**
   * @param thread index of this thread, from 0
   * @param announce is to bring a memory of this thread's to the `know` of all others, some time
   */
  constructor(block: ControlBlock, thread: number, announce: (id: number, memory: SharedMemory) => void) {
    this.size = sizeOf(block);
    this.#block = block;
    this.#thread = thread;
    this.#announce = announce;
  }

  /** Another thread's memory. */
  know(id: number, memory: SharedMemory): void {
    this.#memories.set(id, memory);
  }

  share(task: RowTask, memory: SharedMemory, run: RunRows): void {
    const block = this.#block;
    const words = wordsOf(this.#thread);
    block[words + MEMORY] = this.#idOf(memory);
    writeTask(block, words, task);
    block[words + HAS_FAILED] = 0;
    Atomics.store(block, words + NEXT_ROW, 0);
    Atomics.store(block, words + IS_OPEN, 1);
    wake(block);
    try {
      runChunks(block, words, run);
    } finally {
      Atomics.store(block, words + IS_OPEN, 0);
      // A helper that came before the task was closed is done before this returns; one that comes after sees it closed.
      for (;;) {
        const nInside = Atomics.load(block, words + N_INSIDE);
        if (nInside === 0) break;
        Atomics.wait(block, words + N_INSIDE, nInside);
      }
    }
    if (Atomics.load(block, words + HAS_FAILED) === 1) throw new Error("a thread that helped has failed");
  }

  /** Says that this thread has done a piece of work that it was given. */
  done(): void {
    finish(this.#block, this.#thread);
  }

  /**
   * Helps the others, until none of them is at work or there is work for this thread; not at all where it knows of no
   * memory of theirs.
   *
   * @returns with how many tasks it helped
   */
  help(): number {
    if (this.#memories.size === 0) return 0;
    for (let nTasks = 0; ; ) {
      const wakes = Atomics.load(this.#block, WAKE_WORD);
      if (isBusy(this.#block, this.#thread)) return nTasks;
      let isAnyBusy = false;
      let hasHelped = false;
      for (let thread = 0; thread < this.size; thread++) {
        if (thread === this.#thread) continue;
        if (isBusy(this.#block, thread)) isAnyBusy = true;
        if (!this.#helpWith(wordsOf(thread))) continue;
        hasHelped = true;
        nTasks += 1;
      }
      if (hasHelped) continue;
      if (!isAnyBusy) return nTasks;
      Atomics.wait(this.#block, WAKE_WORD, wakes, LONGEST_WAIT);
    }
  }

  /** Does what is left of the task that a thread shares, if it shares one; returns whether there was anything. */
  #helpWith(words: number): boolean {
    const block = this.#block;
    if (Atomics.load(block, words + IS_OPEN) === 0) return false;
    Atomics.add(block, words + N_INSIDE, 1);
    try {
      if (Atomics.load(block, words + IS_OPEN) === 0) return false;
      const helper = this.#helperIn(block[words + MEMORY]);
      return helper !== null && runChunks(block, words, helper(readTask(block, words)));
    } catch (error) {
      Atomics.store(block, words + HAS_FAILED, 1);
      throw error;
    } finally {
      Atomics.sub(block, words + N_INSIDE, 1);
      Atomics.notify(block, words + N_INSIDE);
    }
  }

  #helperIn(id: number): ((task: RowTask) => RunRows) | null {
    let helper = this.#helpers.get(id);
    if (helper === undefined) {
      const memory = this.#memories.get(id);
      if (memory === undefined) return null;
      helper = openRowHelper(memory, this.#thread);
      this.#helpers.set(id, helper);
    }
    return helper;
  }

  #idOf(memory: SharedMemory): number {
    let id = this.#ids.get(memory);
    if (id === undefined) {
      id = this.#nIds++ * MOST_THREADS + this.#thread;
      this.#ids.set(memory, id);
      this.#announce(id, memory);
    }
    return id;
  }
}

/** Takes rows until all are taken; returns whether there were any. */
function runChunks(block: ControlBlock, words: number, run: RunRows): boolean {
  const nRows = block[words + N_ROWS];
  for (let hasRun = false; ; hasRun = true) {
    // The counter is read before it is increased, otherwise idle threads would make it overflow.
    if (Atomics.load(block, words + NEXT_ROW) >= nRows) return hasRun;
    const from = Atomics.add(block, words + NEXT_ROW, CHUNK_ROWS);
    if (from >= nRows) return hasRun;
    run(from, Math.min(nRows, from + CHUNK_ROWS));
  }
}
