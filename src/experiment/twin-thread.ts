import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { PartitionRef } from "../data/partitions/partition-list.js";
import { messageOf, RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import type { Metrics } from "../workflow/metrics.js";
import type { Configuration } from "./settings.js";
import type { Twin } from "./twin.js";

/** What `twinOf` takes. */
export interface TwinTask {
  readonly configuration: Configuration;
  readonly refs: readonly PartitionRef[];
  readonly start: Matrix;
  readonly metrics: Metrics;
}

type Answer = { readonly twin: Twin; readonly error: null } | { readonly twin: null; readonly error: string };

/**
 * `twinOf` in a thread of its own, so that the calling one stays free for as long as it takes.
 *
 * @throws RunError as `twinOf`, or if the thread fails; the signal's reason once it is aborted
 */
export async function twinInThread(task: TwinTask, signal: AbortSignal): Promise<Twin> {
  signal.throwIfAborted();
  const worker = new Worker(join(__dirname, "twin-worker.cjs"), { workerData: task });
  const onAbort = () => void worker.terminate();
  signal.addEventListener("abort", onAbort, { once: true });
  const { twin, error } = await new Promise<Answer>((resolve) => {
    let answer: Answer = { twin: null, error: "the thread that pools the rows has ended" };
    worker.on("message", (message: Answer) => {
      answer = message;
    });
    worker.on("error", (error) => {
      answer = { twin: null, error: `the thread that pools the rows failed: ${messageOf(error)}` };
    });
    worker.on("exit", () => resolve(answer));
  });
  signal.removeEventListener("abort", onAbort);
  signal.throwIfAborted();
  if (twin === null) throw new RunError(error);
  return twin;
}
