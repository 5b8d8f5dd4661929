import assert from "node:assert/strict";
import { test } from "node:test";
import { bothClients } from "#src/federation/client/both-clients.js";
import type { LocalClient } from "#src/federation/client/client.js";
import { randomStream } from "#src/numerics/random.js";
import { groupsPolicy } from "#src/privacy/policy.js";
import { droppedIn, EVERY_RUN, eventsOf, serveInline } from "../../support/federation.js";

const POLICY = groupsPolicy(5);

function groupedClient(name: string, nRows: number): LocalClient {
  const random = randomStream(11, name);
  const data = Float64Array.from({ length: nRows * 3 }, (_, i) => random.normal() + (i % 4) * 9);
  const partition = { rows: { data, nRows, nColumns: 3 }, featureNames: null, labels: null, classes: [] };
  return bothClients(name, partition, POLICY).points;
}

/** Those that groups go with. */
const RUNS = [
  ...EVERY_RUN.filter(({ asPublished }) => asPublished !== true),
  { algorithm: "fkm", localIterations: 3 },
  { algorithm: "fkm", dropEmpty: false, k: 7 },
  { algorithm: "lloyd", start: "random" },
] as const;

for (const options of RUNS) {
  test(`a client of fewer rows than a group takes part with nothing: ${JSON.stringify(options)}`, async () => {
    const run = async (more: readonly LocalClient[]) => {
      const clients = [groupedClient("a", 60), groupedClient("b", 80), ...more];
      return serveInline(clients, {
        normalize: true,
        ...options,
        privacyThreshold: 0,
        protection: { mode: "groups", groupSize: 5, privacyThreshold: 1 },
      });
    };
    const [without, beside] = [await run([]), await run([groupedClient("few", 4)])];
    assert.deepEqual(droppedIn(beside), []);
    const outcome = (events: typeof without) => {
      const { metrics, finalMeans } = eventsOf(events, "evaluation")[0];
      return { metrics, finalMeans, means: eventsOf(events, "round").map(({ round }) => round.global.means) };
    };
    assert.deepEqual(outcome(beside), outcome(without));
    const sent = eventsOf(beside, "round").flatMap(({ round }) =>
      round.locals.filter(({ client }) => client === "few").map(({ clusters }) => clusters.counts.length),
    );
    assert.ok(sent.length > 0);
    assert.deepEqual(new Set(sent), new Set([0]));
  });
}
