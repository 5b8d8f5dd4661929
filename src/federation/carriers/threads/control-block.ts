import { MOST_THREADS, type RowTask } from "../../../numerics/row-helpers.js";

/*
 * The shared memory in which the threads of a work-stealing pool find who is at what: a wake word, and of each thread,
 * in a cache line of its own, how much work it has and the task it shares, if it shares one.
 */

export const WAKE_WORD = 0;
/** Words of one thread. */
const STRIDE = 16;
/** Pieces of work a thread was given, and has done: it is at work where they differ. */
const N_GIVEN = 0;
const N_DONE = 1;
export const IS_OPEN = 2;
export const MEMORY = 3;
const KERNEL = 4;
const COPIES = 5;
const COPY_BYTES = 6;
export const N_ROWS = 7;
/** The next row that no thread has taken. */
export const NEXT_ROW = 8;
/** Threads that may be at work on the task, beside its own. */
export const N_INSIDE = 9;
export const HAS_FAILED = 10;

export type ControlBlock = Int32Array<SharedArrayBuffer>;

/** @param size threads, at most `MOST_THREADS` */
export function openControlBlock(size: number): ControlBlock {
  if (size > MOST_THREADS) throw new RangeError(`at most ${MOST_THREADS} threads can help one another`);
  return new Int32Array(new SharedArrayBuffer((1 + size) * STRIDE * Int32Array.BYTES_PER_ELEMENT));
}

/** Where the words of a thread begin. */
export function wordsOf(thread: number): number {
  return (1 + thread) * STRIDE;
}

export function writeTask(block: ControlBlock, words: number, task: RowTask): void {
  block[words + KERNEL] = task.kernel;
  block[words + COPIES] = task.copies;
  block[words + COPY_BYTES] = task.copyBytes;
  block[words + N_ROWS] = task.nRows;
}

export function readTask(block: ControlBlock, words: number): RowTask {
  return {
    kernel: block[words + KERNEL],
    nRows: block[words + N_ROWS],
    // Addresses go beyond 2 GiB.
    copies: block[words + COPIES] >>> 0,
    copyBytes: block[words + COPY_BYTES],
  };
}

/** Wakes all threads that wait for something to do. */
export function wake(block: ControlBlock): void {
  Atomics.add(block, WAKE_WORD, 1);
  Atomics.notify(block, WAKE_WORD);
}

/** Whether a thread has work that it was given. */
export function isBusy(block: ControlBlock, thread: number): boolean {
  const words = wordsOf(thread);
  return Atomics.load(block, words + N_GIVEN) !== Atomics.load(block, words + N_DONE);
}

/** A thread is given a piece of work, which it goes to at once; others stay to help until it has done it. */
export function give(block: ControlBlock, thread: number): void {
  Atomics.add(block, wordsOf(thread) + N_GIVEN, 1);
  wake(block);
}

/** A thread has done a piece of work that it was given. */
export function finish(block: ControlBlock, thread: number): void {
  Atomics.add(block, wordsOf(thread) + N_DONE, 1);
  wake(block);
}

/** A thread has ended: no other thread need wait for it. */
export function dismiss(block: ControlBlock, thread: number): void {
  Atomics.store(block, wordsOf(thread) + N_DONE, Atomics.load(block, wordsOf(thread) + N_GIVEN));
  wake(block);
}

/** How many threads there are. */
export function sizeOf(block: ControlBlock): number {
  return block.length / STRIDE - 1;
}
