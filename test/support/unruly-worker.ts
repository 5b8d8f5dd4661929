import { parentPort, workerData } from "node:worker_threads";
import { joinPool } from "#src/federation/carriers/threads/join-pool.js";
import type { WorkerSetup } from "#src/federation/carriers/threads/protocol.js";
import { serveClients } from "#src/federation/carriers/threads/serve-clients.js";
import { openClients } from "#src/federation/client/client-source.js";
import { type UnrulySource, unruly } from "./unruly-client.js";

/* The program of a worker thread whose clients misbehave as their sources say. */

const { sources, records, progress, pool } = workerData as WorkerSetup & { sources: UnrulySource[] };
const others = joinPool(parentPort!, pool);
const clients = openClients(sources).then((all) =>
  all.map((client, i) => unruly(client, sources[i].misdeed)),
);
serveClients(parentPort!, clients, records, progress, others);
