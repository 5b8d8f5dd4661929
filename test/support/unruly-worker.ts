import { parentPort, workerData } from "node:worker_threads";
import { serveClients } from "../../src/federation/carriers/serve-clients.js";
import { openClients } from "../../src/federation/client-source.js";
import type { ClientRecord } from "../../src/federation/federation.js";
import { type UnrulySource, unruly } from "./unruly-client.js";

/* The program of a worker thread whose clients misbehave as their sources say. */

const { sources, records, progress } = workerData as {
  sources: UnrulySource[];
  records: ReadonlyMap<string, ClientRecord>;
  progress: Int32Array;
};
const clients = openClients(sources).then((all) =>
  all.map((client, i) => unruly(client, sources[i].misdeed)),
);
serveClients(parentPort!, clients, records, progress);
