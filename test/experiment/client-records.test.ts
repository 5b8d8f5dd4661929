import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { verify } from "#src/directory/verify.js";
import { configure, serverOptionsOf } from "#src/experiment/configuration.js";
import { ExperimentLog } from "#src/experiment/experiment-log.js";
import { provenanceNow } from "#src/experiment/provenance.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import type { Federation } from "#src/federation/federation.js";
import { serve } from "#src/federation/server.js";
import { labelledClients } from "../support/clients.js";
import { temporaryFolder } from "../support/temporary.js";

test("of clients that are elsewhere the directory holds what they sent, and no folder for what they keep", async (context) => {
  const configuration = configure({
    data: "elsewhere",
    recordClientData: true,
    saveLabels: true,
    // As those clients hold to.
    privacy: "threshold",
    maxIterations: 2,
    logDir: temporaryFolder(context),
  });
  const deployment = { carrier: "none", run: "20261127T000000-1", data_source: "test_data", features: null };
  const elsewhere: Federation = { ...inlineFederation(labelledClients()), simulation: null };
  const log = new ExperimentLog(configuration, elsewhere, deployment, provenanceNow(null), null);
  const { signal } = new AbortController();
  for await (const event of serve(elsewhere, serverOptionsOf(configuration, "k-means++"), { signal })) {
    log.write(event);
  }
  await elsewhere.close();
  log.complete(new Map());
  const directory = log.directory!;
  const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(folders.map(({ name }) => name).sort(), [
    "global_means",
    "local_means",
    "normalization",
    "pca",
    "server_logs",
  ]);
  assert.equal(verify(directory).runHash, log.result(0).runHash);
});
