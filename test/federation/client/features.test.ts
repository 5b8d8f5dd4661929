import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeNpz } from "#src/data/formats/npz.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import type { Client, LocalClient } from "#src/federation/client/client.js";
import { openClients } from "#src/federation/client/client-source.js";
import { randomStream } from "#src/numerics/random.js";
import { groupsPolicy, type Policy, thresholdPolicy } from "#src/privacy/policy.js";
import { aboutFeatures } from "#src/workflow/features.js";
import type { Message } from "#src/workflow/message.js";
import { momentsRequest } from "#src/workflow/transform/normalization.js";
import { EVERY_RUN, eventsOf, requestsOf, serveAll } from "../../support/federation.js";
import { TABLE_DEFAULTS } from "../../support/tables.js";
import { temporaryFolder } from "../../support/temporary.js";

const N = 60;
const NAMES = ["x", "y", "z"];
const OTHER = ["z", "x", "y"];

/** Rows with these of the columns x, y, z and more; each column is the same wherever it stands. */
function partitionOf(client: string, names: readonly string[]) {
  const columns = names.map((name) => {
    const random = randomStream(4, `${client}/${name}`);
    return Float64Array.from({ length: N }, (_, i) => random.normal() + (i % 3) * 2);
  });
  const d = names.length;
  const data = Float64Array.from({ length: N * d }, (_, i) => columns[i % d][Math.floor(i / d)]);
  const labels = Int32Array.from({ length: N }, (_, i) => i % 2);
  return { rows: { data, nRows: N, nColumns: d }, featureNames: names, labels, classes: ["u", "v"] };
}

const clientOf = (names: readonly string[], policy: Policy = thresholdPolicy(0), client = "b"): LocalClient =>
  bothClients(client, partitionOf(client, names), policy).points;

const isHandshake = ({ kind }: Message) => kind === "handshake";

test("a client answers about features in the order asked for as one whose file has them so, each message on its own", async () => {
  let tried = 0;
  const lasting = clientOf(["y", "extra", ...OTHER.slice(0, 2)]);
  for (const options of EVERY_RUN) {
    for (const request of await requestsOf(options)) {
      if (isHandshake(request)) continue;
      const expected = clientOf(NAMES).answer(request);
      const asked = aboutFeatures(request, NAMES);
      assert.deepEqual(clientOf(OTHER).answer(asked), expected, `${request.kind}, another order`);
      assert.deepEqual(lasting.answer(asked), expected, `${request.kind}, some of its columns`);
      tried += 1;
    }
  }
  assert.ok(tried > 20);
});

test("of groups the points are those of all columns, whichever a run is about", () => {
  const [x, y, z] = [0, 1, 2].map((place) => {
    const client = clientOf(NAMES, groupsPolicy(5));
    return client.answer(aboutFeatures(momentsRequest(0, false), [NAMES[place]])).arrays;
  });
  const all = clientOf(NAMES, groupsPolicy(5)).answer(momentsRequest(0, false)).arrays;
  for (const name of ["sums", "centered_squared_sums"]) {
    for (const [place, arrays] of [x, y, z].entries()) {
      const [found, expected] = [arrays[name].data[0], all[name].data[place]];
      // Added up in an order of their own.
      assert.ok(Math.abs(found - expected) <= 1e-12 * Math.abs(expected), `${name} ${place}`);
    }
  }
});

test("a client of a file puts its features in order where they lie, and reads the file again for another order", async (t) => {
  const path = join(temporaryFolder(t), "client_b.npz");
  const { rows } = partitionOf("b", OTHER);
  const names = { shape: [3], data: OTHER };
  writeFileSync(
    path,
    await writeNpz({ X: { shape: [N, 3], data: rows.data }, feature_names: names } as never),
  );
  const ref = { client: "b", path, table: TABLE_DEFAULTS, clientColumn: null };
  const [ofFile] = await openClients([{ name: "b", policy: thresholdPolicy(0), data: ref }]);
  const requests = (await requestsOf({ algorithm: "lloyd" })).filter((request) => !isHandshake(request));
  const about = [NAMES, ["y", "z", "x"], OTHER, NAMES, ["z", "y", "x"]];
  for (const order of about) {
    for (const request of requests) {
      const unlabelled = { ...partitionOf("b", order), labels: null, classes: [] };
      const expected = bothClients("b", unlabelled, thresholdPolicy(0)).points.answer(request);
      assert.deepEqual(
        await ofFile.answer(aboutFeatures(request, order)),
        expected,
        `${order}: ${request.kind}`,
      );
    }
  }
});

test("features that a client does not have are refused by name, also at the handshake", async () => {
  const client = clientOf(NAMES);
  const refused = /^it has no feature "mass", which the run asks for; it has "x", "y", "z"$/;
  assert.throws(() => client.answer(aboutFeatures(momentsRequest(0, false), ["x", "mass"])), {
    message: refused,
  });
  const [hello] = await requestsOf({});
  const open = { ...hello, scalars: { ...hello.scalars, privacy_threshold: 0 } };
  assert.throws(() => client.answer(aboutFeatures(open, ["x", "mass"])), { message: refused });
  const reply = client.answer(aboutFeatures(open, ["y"]));
  assert.deepEqual(reply.scalars.feature_names, NAMES);
  // It goes on to answer about its own.
  assert.deepEqual(client.answer(momentsRequest(0, false)), clientOf(NAMES).answer(momentsRequest(0, false)));
});

test("clients of other orders and more columns come to the bits of clients that have the run's alone", async () => {
  for (const options of EVERY_RUN) {
    const run = async (columns: readonly (readonly string[])[], features: readonly string[] | null) => {
      // A client that is a new process for each message.
      const clients = ["a", "b", "c"].map(
        (name, i): Client => ({
          name,
          answer: (request) => clientOf(columns[i], thresholdPolicy(0), name).answer(request),
        }),
      );
      const events = await serveAll(inlineFederation(clients), { ...options, features });
      const [{ agreement }] = eventsOf(events, "handshake");
      const rounds = eventsOf(events, "round").map(({ round }) => [...round.global.means.data]);
      const [{ metrics, finalMeans }] = eventsOf(events, "evaluation");
      return { names: agreement.featureNames, rounds, metrics, means: [...finalMeans.data] };
    };
    const alone = await run([NAMES, NAMES, NAMES], null);
    assert.deepEqual(await run([OTHER, NAMES, NAMES], null), alone);
    assert.deepEqual(await run([NAMES, NAMES, OTHER], null), alone);
    assert.deepEqual(await run([OTHER, ["more", ...OTHER], NAMES], NAMES), alone);
  }
});
