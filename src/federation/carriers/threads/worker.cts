import { parentPort, workerData } from "node:worker_threads";
import { openClients } from "../../client/client-source.js";
import { joinPool } from "./join-pool.js";
import type { WorkerSetup } from "./protocol.js";
import { serveClients } from "./serve-clients.js";

/*
 * The program of a worker thread: opens its clients' partitions here, so that no other thread holds them. A .cts
 * file, because Deno takes a .js file for a module unless the main program's own package says otherwise.
 */

const { sources, records, progress, pool } = workerData as WorkerSetup;
const port = parentPort;
if (port !== null) {
  const helpers = joinPool(port, pool);
  serveClients(port, openClients(sources), records, progress, helpers);
}
