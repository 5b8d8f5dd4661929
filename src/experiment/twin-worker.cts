import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../errors.js";
import { twinOf } from "./twin.js";
import type { TwinTask } from "./twin-thread.js";

/*
 * The program of a thread that pools and clusters a simulation's rows. A .cts file, so that Deno takes it for CommonJS
 * from outside the package too.
 */

const { configuration, refs, start, metrics } = workerData as TwinTask;
twinOf(configuration, refs, start, metrics).then(
  (twin) => parentPort?.postMessage({ twin, error: null }),
  (error) => parentPort?.postMessage({ twin: null, error: messageOf(error) }),
);
