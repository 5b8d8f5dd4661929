import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "#src/numerics/random.js";
import { localClient } from "../support/clients.js";
import { eventsOf, serveInline } from "../support/federation.js";

const CLIENTS = ["a", "b", "c"];
/** Powers of two, which change no digit: some 1e-60, 1e100 and 1e140. */
const SCALES = [2 ** -200, 2 ** 332, 2 ** 465];

/** Rows about three centers, each center on its own axis. */
function rowsAt(scale: number, d: number, name: string): number[][] {
  const random = randomStream(5, name);
  return Array.from({ length: 45 }, (_, row) =>
    Array.from({ length: d }, (_, f) => scale * (random.normal() + (f === row % 3 ? 6 : 0))),
  );
}

async function outcome(scale: number, d: number, options: Parameters<typeof serveInline>[1]) {
  const clients = CLIENTS.map((name) => localClient(name, rowsAt(scale, d, name)));
  const events = await serveInline(clients, { maxIterations: 6, ...options });
  const [{ metrics, finalMeans }] = eventsOf(events, "evaluation");
  const { inertia, ...others } = metrics;
  return { inertia, others, finalMeans: [...finalMeans.data], pca: eventsOf(events, "pca")[0]?.pca };
}

test("rows times 1e-60, 1e100 or 1e140 have the same clusters to the last bit, in every algorithm", async () => {
  for (const algorithm of ["fkm", "lloyd", "best-lloyd", "k-fed"] as const) {
    for (const options of [
      { normalize: true },
      { normalize: false },
      { normalize: false, pcaComponents: 2 },
    ]) {
      const usual = await outcome(1, 4, { algorithm, ...options });
      for (const scale of SCALES) {
        const scaled = await outcome(scale, 4, { algorithm, ...options });
        const where = `${algorithm}, ${JSON.stringify(options)}, ${scale}`;
        assert.deepEqual(
          scaled.finalMeans,
          usual.finalMeans.map((value) => value * scale),
          where,
        );
        assert.equal(scaled.inertia, usual.inertia! * (options.normalize ? 1 : scale ** 2), where);
        assert.deepEqual(scaled.others, usual.others, where);
        assert.deepEqual(scaled.pca?.components, usual.pca?.components, where);
      }
    }
  }
});

test("components of more than 400 features are found at any scale", async () => {
  const options = { algorithm: "lloyd", normalize: false, maxIterations: 1 } as const;
  const usual = await outcome(1, 401, options);
  const scaled = await outcome(2 ** 332, 401, options);
  assert.deepEqual(
    scaled.finalMeans,
    usual.finalMeans.map((value) => value * 2 ** 332),
  );
  for (let i = 0; i < usual.pca.components.length; i++) {
    assert.ok(Math.abs(scaled.pca.components[i] - usual.pca.components[i]) < 1e-6);
  }
});
