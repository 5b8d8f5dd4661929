import assert from "node:assert/strict";
import { test } from "node:test";
import { askEach } from "#src/experiment/pooled.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import type { Matrix } from "#src/numerics/matrix.js";
import type { Transform } from "#src/numerics/transform.js";
import { groupsPolicy, thresholdPolicy } from "#src/privacy/policy.js";
import { evaluate, NO_SILHOUETTES } from "#src/workflow/evaluate.js";
import type { Ask } from "#src/workflow/exchange.js";
import type { Metrics } from "#src/workflow/metrics.js";
import { DEFAULTS, eventsOf, serveAll } from "../support/federation.js";
import { assertClose, gaussianClusters } from "../support/matrices.js";

const D = 4;
const POLICIES = [
  ["rows", thresholdPolicy(1)],
  ["a threshold that withholds clusters", thresholdPolicy(12)],
  ["groups", groupsPolicy(5)],
] as const;

/** Clients, the first of which has fewer rows than others have in a cluster, and whom to ask. */
function clientsUnder(policy: (typeof POLICIES)[number][1]) {
  return [30, 90, 120].map((n, i) => {
    const rows = { data: gaussianClusters(`evaluate ${i}`, n, D, 4), nRows: n, nColumns: D };
    return bothClients(`${i}`, { rows, featureNames: null, labels: null, classes: [] }, policy).points;
  });
}

/** Scores means, and says how many exchanges that took. */
async function scored(
  ask: Ask,
  transform: Transform,
  means: Matrix,
  areSettled: boolean,
): Promise<{ metrics: Metrics; exchanges: number }> {
  let exchanges = 0;
  const counted: Ask = (...question) => {
    exchanges += 1;
    return ask(...question);
  };
  const options = { privacyThreshold: 0, areSettled };
  const { metrics } = await evaluate(transform, means, options, NO_SILHOUETTES, counted);
  return { metrics, exchanges };
}

for (const [name, policy] of POLICIES) {
  test(`means that have settled are scored in one exchange as in two, others in two: ${name}`, async () => {
    for (const algorithm of ["fkm", "lloyd"] as const) {
      for (const k of [1, 3, 6]) {
        const clients = clientsUnder(policy);
        const where = `${algorithm}, ${k} clusters`;
        const options = { ...DEFAULTS, algorithm, k, kLocal: k, normalize: true, maxIterations: 200 };
        const { mode, groupSize, privacyThreshold } = policy;
        const protection = { mode, groupSize, privacyThreshold };
        const events = await serveAll(inlineFederation(clients), { ...options, protection });
        assert.equal(eventsOf(events, "clustered")[0].converged, true, where);
        const [{ transform, means }] = eventsOf(events, "evaluation");
        const ask = askEach(clients, protection);
        const [once, twice] = [
          await scored(ask, transform, means, true),
          await scored(ask, transform, means, false),
        ];
        assert.equal(twice.exchanges, 2, where);
        assert.equal(once.exchanges, 1, where);
        const scores = ({ metrics }: typeof once) =>
          [metrics.daviesBouldinScore, metrics.calinskiHarabaszScore].map((score) => score ?? -1);
        assertClose(scores(once), scores(twice), 1e-12, where);
        // And where they are no means of clusters, by however little.
        const data = means.data.map((value, i) => value + (i === 0 ? 1e-9 : 0));
        const moved = await scored(ask, transform, { ...means, data }, true);
        assert.equal(moved.exchanges, 2, where);
        assert.deepEqual(moved.metrics, (await scored(ask, transform, { ...means, data }, false)).metrics);
      }
    }
  });
}
