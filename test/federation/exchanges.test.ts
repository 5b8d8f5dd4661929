import assert from "node:assert/strict";
import { test } from "node:test";
import { configure, serverOptionsOf } from "#src/experiment/configuration.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import type { Federation } from "#src/federation/federation.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import { groupsPolicy } from "#src/privacy/policy.js";
import { clientUnder } from "../support/attacks/conversation.js";
import { ISLANDS, penguinsOf } from "../support/attacks/data.js";
import { serveAll } from "../support/federation.js";

/** What is asked in a run over the islands with the settings' defaults, each exchange with all clients once. */
async function exchangesOf(options: Partial<ServerOptions> = {}): Promise<string[]> {
  const defaults = serverOptionsOf(configure({ data: "in memory", kGlobal: 3 }), "k-means++");
  const clients = ISLANDS.map((island) => clientUnder(groupsPolicy(5), penguinsOf(island)));
  const federation = inlineFederation(clients);
  const asked: string[] = [];
  const counted: Federation = {
    ...federation,
    clients: federation.clients,
    exchange(request, how) {
      asked.push(request.kind);
      return federation.exchange(request, how);
    },
  };
  await serveAll(counted, { ...defaults, ...options });
  return asked;
}

/* Over a network an exchange may cost seconds, whatever is in it. */
test("a run over the penguins takes five exchanges, of which one is the only round that they need", async () => {
  assert.deepEqual(await exchangesOf(), [
    "handshake",
    "normalization/moments",
    "clustering/start",
    "clustering/update",
    "evaluation/fit",
  ]);
});

test("distances to the means of clusters take an exchange of their own only where the final means are others", async () => {
  const ofEvaluation = async (options: Partial<ServerOptions>) =>
    (await exchangesOf(options)).filter((kind) => kind.startsWith("evaluation"));
  for (const algorithm of ["fkm", "lloyd", "best-lloyd"] as const) {
    const once = await ofEvaluation({ algorithm });
    assert.deepEqual(once, ["evaluation/fit"], algorithm);
  }
  const twice = ["evaluation/fit", "evaluation/dispersion"];
  assert.deepEqual(await ofEvaluation({ algorithm: "k-fed" }), twice);
  assert.deepEqual(await ofEvaluation({ maxIterations: 0 }), twice);
  // Settled by a tolerance so wide that the next round would move them.
  assert.deepEqual(await ofEvaluation({ algorithm: "lloyd", start: "random", k: 8, tolerance: 1000 }), twice);
});

test("principal components take an exchange of their own only where nothing is normalized", async () => {
  const ofTransform = async (options: Partial<ServerOptions>) =>
    (await exchangesOf(options)).filter((kind) => /normalization|pca/.test(kind));
  assert.deepEqual(await ofTransform({ pcaComponents: 2 }), ["normalization/moments"]);
  assert.deepEqual(await ofTransform({ pca: false }), ["normalization/moments"]);
  assert.deepEqual(await ofTransform({ normalize: false }), ["pca/scatter"]);
  assert.deepEqual(await ofTransform({ normalize: false, pca: false }), []);
});
