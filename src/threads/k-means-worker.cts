import { parentPort } from "node:worker_threads";
import { makeRestarts, type RestartsTask } from "./k-means-restarts.js";
import { stopListening } from "./stop-listening.js";

/*
 * The program of a thread of the server's k-means: one task after another, until there is none. A .cts file, so that
 * Deno takes it for CommonJS from outside the package too.
 */

const port = parentPort;
port?.on("message", (task: RestartsTask | null) => {
  if (task === null) stopListening(port);
  else port.postMessage(makeRestarts(task));
});
