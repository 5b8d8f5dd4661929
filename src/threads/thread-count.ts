import { availableParallelism } from "node:os";

/** How many threads to use: as many as were asked for, or where nobody did, one a processor. */
export function threadCount(asked: number | null): number {
  return asked ?? availableParallelism();
}
