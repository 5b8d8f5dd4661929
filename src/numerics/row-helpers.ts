/* How other threads do a part of this thread's work on rows; numerics knows the helpers by this interface only. */

/** A memory in which several threads can work; it can be posted to them. */
export interface SharedMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Threads that can help in one memory. Each, and its owner, keeps sixteen bytes there: see bounded/hoisted.as.ts. */
export const MOST_THREADS = 32;

/** Kernels that do some blocks of rows. What a block comes to does not depend on the thread that does it. */
export type RowKernel = "beginRows" | "moveRows" | "inertiaRows";
export const ROW_KERNELS: readonly RowKernel[] = ["beginRows", "moveRows", "inertiaRows"];

/** Work on rows, as plain numbers that any thread understands. */
export interface RowTask {
  /** Which kernel: its place among ROW_KERNELS. */
  readonly kernel: number;
  readonly nRows: number;
  /** Address of the first thread's copy of the problem, and bytes from one thread's copy to the next. */
  readonly copies: number;
  readonly copyBytes: number;
}

/** Does rows from one up to another. */
export type RunRows = (from: number, to: number) => void;

/** Threads that help one another. */
export interface RowHelpers {
  /** Threads, this one included; each has an index below it. */
  readonly size: number;
  /**
   * Does all rows of a task, together with the threads that have time; returns once all are done.
   *
   * @param memory where the rows lie
   * @param run does rows on this thread
   * @throws Error if a thread that helped has failed
   */
  share(task: RowTask, memory: SharedMemory, run: RunRows): void;
}

let helpers: RowHelpers | null = null;

/**
 * From now on this thread shares its work on rows. To be called before there are rows: they must lie in shared
 * memory.
 */
export function useRowHelpers(threads: RowHelpers): void {
  helpers = threads;
}

/** The threads that help this one, if any do. */
export function rowHelpers(): RowHelpers | null {
  return helpers;
}

export function rowTask(kernel: RowKernel, nRows: number, copies: number, copyBytes: number): RowTask {
  return { kernel: ROW_KERNELS.indexOf(kernel), nRows, copies, copyBytes };
}
