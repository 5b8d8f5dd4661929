import { inlineFederation } from "#src/federation/carriers/inline.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import type { LocalClient } from "#src/federation/client/client.js";
import { serve } from "#src/federation/server.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import { loadKernels } from "#src/numerics/kernels/memory/instance.js";
import { randomStream } from "#src/numerics/random.js";
import { thresholdPolicy } from "#src/privacy/policy.js";
import { runPrivately } from "./private-clients.js";

/*
 * A federation that needs nothing of a host, to be bundled and run elsewhere: nothing from node: may be imported here,
 * nor the tests' other support that does.
 */

export { loadKernels };

const CLIENTS = ["a", "b", "c", "d"];
/** So many that the kernels have work to do. */
const ROWS = 2_500;
const FEATURES = 6;

function clientOf(name: string): LocalClient {
  const random = randomStream(3, name);
  const data = Float64Array.from(
    { length: ROWS * FEATURES },
    (_, i) => random.normal() + 3 * (Math.floor(i / FEATURES) % 5),
  );
  const rows = { data, nRows: ROWS, nColumns: FEATURES };
  return bothClients(name, { rows, featureNames: null, labels: null, classes: [] }, thresholdPolicy(2))
    .points;
}

/** The bits of the global means of each round of a run, as text, and of what it came to. */
async function bitsOf(options: ServerOptions): Promise<string[]> {
  const { signal } = new AbortController();
  const bits: string[] = [];
  const add = (data: Float64Array) => {
    const words = new Uint32Array(data.buffer, data.byteOffset, 2 * data.length);
    bits.push(Array.from(words, (word) => word.toString(16)).join(" "));
  };
  for await (const event of serve(inlineFederation(CLIENTS.map(clientOf)), options, { signal })) {
    if (event.type === "round") add(event.round.global.means.data);
    if (event.type !== "evaluation") continue;
    add(event.finalMeans.data);
    bits.push(JSON.stringify(event.metrics));
  }
  return bits;
}

/** The same of a run on noisy sums, whose noise is from a seed. */
async function bitsOfPrivateRun(): Promise<string> {
  const clients = CLIENTS.map((name) => {
    const random = randomStream(4, name);
    const data = Float64Array.from({ length: 400 * 3 }, () => Math.max(-1, Math.min(1, random.normal() / 3)));
    return { data, nRows: 400, nColumns: 3 };
  });
  const { rounds } = await runPrivately(clients, { k: 5, epsilon: 2, delta: 1e-6, seed: 1 });
  return JSON.stringify(rounds.map(({ global, standardErrors }) => [global.means, standardErrors]));
}

/** What runs of three algorithms come to, bit by bit, of which two are with these options. */
export async function runSmallFederations(options: ServerOptions): Promise<string> {
  const fkm = await bitsOf({ ...options, algorithm: "fkm" });
  const lloyd = await bitsOf({ ...options, algorithm: "lloyd" });
  return JSON.stringify({ fkm, lloyd, private: await bitsOfPrivateRun() });
}
