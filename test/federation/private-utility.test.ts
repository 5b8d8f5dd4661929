import assert from "node:assert/strict";
import { test } from "node:test";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import { MemoryBudget } from "#src/federation/client/budget/memory-budget.js";
import { PrivateClient } from "#src/federation/client/private-client.js";
import { addContingency, adjustedRandIndex } from "#src/numerics/contingency.js";
import { nearestCentroids } from "#src/numerics/nearest-centroids.js";
import { randomStream } from "#src/numerics/random.js";
import { muOf } from "#src/privacy/gaussian-account.js";
import { privatePolicy } from "#src/privacy/policy.js";
import { DEFAULTS, eventsOf, serveAll } from "../support/federation.js";

/** Three of them near one another in a corner: centres that are evenly spread over the box do not tell these apart. */
const MEANS = [
  [-0.7, -0.7, -0.7],
  [-0.7, -0.2, -0.7],
  [-0.2, -0.7, -0.7],
  [0.6, 0.7, 0.5],
];
const [CLIENTS, EACH, D, K] = [4, 500, 3, 4];
const TERMS = { epsilon: 2, delta: 1e-6, declaredRows: CLIENTS * EACH };
const POLICY = {
  ...TERMS,
  epsilonLimit: TERMS.epsilon,
  bounds: { features: ["x", "y", "z"], low: new Float64Array(D).fill(-1), high: new Float64Array(D).fill(1) },
};

const random = randomStream(1, "rows of private clients");
const PARTS = Array.from({ length: CLIENTS }, () =>
  Float64Array.from(
    { length: EACH * D },
    (_, i) => MEANS[Math.floor(i / D) % K][i % D] + 0.08 * random.normal(),
  ),
);
const LABELS = Int32Array.from({ length: EACH }, (_, row) => row % K);

/** A whole run, with the noise of the operating system: against the labels, how good it is. */
async function ariOfRun(seed: number): Promise<number> {
  const clients = PARTS.map((data, i) => {
    const partition = {
      rows: { data, nRows: EACH, nColumns: D },
      featureNames: null,
      labels: null,
      classes: [],
    };
    const budget = new MemoryBudget(POLICY);
    return new PrivateClient(String(i), partition, privatePolicy(POLICY), { budget, run: "" });
  });
  const events = await serveAll(inlineFederation(clients), {
    ...DEFAULTS,
    ...{ algorithm: "dp-lloyd", k: K, kLocal: K, randomState: seed },
    protection: { mode: "dp", groupSize: 1, privacyThreshold: 1, privately: TERMS },
    privately: { ...TERMS, mu: muOf(TERMS.epsilon, TERMS.delta) },
  });
  const [{ finalMeans }] = eventsOf(events, "evaluation");
  const table = { counts: new Float64Array(K * K), nClasses: K, nClusters: K };
  for (const data of PARTS) addContingency(table, LABELS, nearestCentroids(data, D, finalMeans.data), null);
  return adjustedRandIndex(table);
}

/*
 * Of 500 runs none was below 0.9; at a tenth of the epsilon half of them are. Were one in a hundred, seven of twelve would be less often than once in 10^10 times.
 */
test("with noise of the operating system most runs on well separated clusters find all of them", async () => {
  const aris: number[] = [];
  for (let seed = 0; seed < 12; seed++) aris.push(await ariOfRun(seed));
  const good = aris.filter((ari) => ari > 0.9);
  assert.ok(good.length >= 6, aris.map((ari) => ari.toFixed(2)).join(" "));
});
