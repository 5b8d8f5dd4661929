import { kernelsIn } from "./kernels/memory/instance.js";
import { ROW_KERNELS, type RowTask, type RunRows, type SharedMemory } from "./row-helpers.js";

/**
 * What a thread needs to help in another's memory.
 *
 * @param thread its index
 * @returns takes a task of the memory's owner, and does rows of it
 */
export function openRowHelper(memory: SharedMemory, thread: number): (task: RowTask) => RunRows {
  const kernels = kernelsIn(memory, 1 + thread);
  return ({ kernel, copies, copyBytes }) => {
    const problem = copies + thread * copyBytes;
    return (from, to) => kernels[ROW_KERNELS[kernel]](problem, from, to);
  };
}
