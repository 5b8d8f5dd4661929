import type { MessagePort } from "node:worker_threads";
import { useRowHelpers } from "../../../numerics/row-helpers.js";
import type { FromWorker, WorkerSetup } from "./protocol.js";
import { WorkStealingPool } from "./work-stealing.js";

/**
 * Makes this worker thread one of those that help one another. To be called before there are rows: they are to lie
 * where others can help with them.
 *
 * @param port the way to the server, by which the others learn of this thread's memories
 */
export function joinPool(port: MessagePort, place: WorkerSetup["pool"]): WorkStealingPool | null {
  if (place === null) return null;
  const pool = new WorkStealingPool(place.block, place.thread, (memoryId, memory) =>
    port.postMessage({ type: "memory", memoryId, memory } satisfies FromWorker),
  );
  useRowHelpers(pool);
  return pool;
}
