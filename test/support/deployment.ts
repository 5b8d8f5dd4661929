import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { findPartitions } from "#src/data/partitions/partition-list.js";
import { layoutOf } from "#src/directory/layout.js";
import { readBounds } from "#src/experiment/bounds-file.js";
import { configure } from "#src/experiment/configuration.js";
import { deploy } from "#src/experiment/deployment.js";
import { DEPLOYMENT_SETTINGS } from "#src/experiment/deployment-settings.js";
import { policyOf } from "#src/experiment/privacy-settings.js";
import type { RunResult } from "#src/experiment/result.js";
import type { Configuration } from "#src/experiment/settings.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import type { Client } from "#src/federation/client/client.js";
import { openClients } from "#src/federation/client/client-source.js";
import type { SimulatedClient } from "#src/federation/client/recording-client.js";
import { completeSettings } from "#src/settings/check.js";
import { temporaryFolder } from "./temporary.js";

/** A run of clients elsewhere, and what each of them kept. */
export interface Deployed {
  readonly directory: string;
  readonly run: string;
  readonly runHash: string;
  readonly result: RunResult;
  /** Each client's log folder, by name, which has its folder of the run. */
  readonly logs: ReadonlyMap<string, string>;
}

/**
 * A deployment of the penguins without a network: the server writes its own directory, and each client keeps its records,
 * rows and labels among them, in a folder of its own.
 */
export async function deployPenguins(
  context: TestContext,
  given: Partial<Configuration> = {},
): Promise<Deployed> {
  const folder = temporaryFolder(context);
  const { groupSize = null, privacy = null, privacyThreshold = null, bounds = null, ...server } = given;
  const { epsilon = null, declaredRows = null } = server;
  const own = configure({
    data: "data/penguins",
    labelColumn: "species",
    groupSize,
    privacy,
    privacyThreshold,
    ...{ epsilon, declaredRows, bounds },
  });
  const policy = policyOf(own, own.bounds === null ? null : readBounds(own.bounds));
  const { refs } = await findPartitions("data/penguins", own);
  const clients = await openClients(refs.map((ref) => ({ name: ref.client, policy, data: ref })));
  const logs = new Map(clients.map(({ name }) => [name, join(folder, `at ${name}`)]));
  let run = "";
  const result = await deploy({
    carrier: {
      name: "inline",
      connect(deployed) {
        run = deployed.run;
        for (const client of clients) keepRecords(client, join(logs.get(client.name)!, run), run);
        return inlineFederation(clients.map(ofOwnRowsToo));
      },
    },
    given: { kGlobal: 3, logDir: join(folder, "server"), privacy, privacyThreshold, ...server },
    deployment: completeSettings(DEPLOYMENT_SETTINGS, { numClients: clients.length }, (name) => name),
    sourceOf: (name) => name,
  });
  for (const client of clients) client.flush();
  return { directory: result.experimentDir, run, runHash: result.runHash, result, logs };
}

/** Its own rows and labels, too, are recorded where the final means are known. */
function ofOwnRowsToo(client: SimulatedClient): Client {
  return {
    name: client.name,
    async answer(request) {
      const reply = await client.answer(request);
      if (request.kind === "evaluation/fit") await client.answerOfRows(request);
      return reply;
    },
  };
}

function keepRecords(client: SimulatedClient, folder: string, run: string): void {
  const layout = layoutOf(folder);
  const { name } = client;
  const record = {
    logFile: layout.clientLog(name),
    ledgerFile: layout.clientLedger(name),
    rowsFile: layout.clientData(name),
    pointsFiles: { points: layout.clientPoints(name), weights: layout.clientWeights(name) },
    labelsFile: layout.clientLabels(name),
  };
  const { pointsFiles, ...others } = record;
  for (const file of [pointsFiles.points, ...Object.values(others)]) {
    mkdirSync(dirname(file), { recursive: true });
  }
  writeFileSync(join(folder, "client.json"), JSON.stringify({ schema_version: 1, run, client: name }));
  client.record(record);
}
