import { inlineFederation } from "#src/federation/carriers/inline.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import type { LocalClient } from "#src/federation/client/client.js";
import { serve } from "#src/federation/server.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import { loadKernels } from "#src/numerics/kernels/memory/instance.js";
import { randomStream } from "#src/numerics/random.js";
import { thresholdPolicy } from "#src/privacy/policy.js";

/*
 * A federation that needs nothing of a host, to be bundled and run elsewhere: nothing from node: may be imported here,
 * nor the tests' other support.
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

/** What runs of two algorithms with these options come to, bit by bit. */
export async function runSmallFederations(options: ServerOptions): Promise<string> {
  const fkm = await bitsOf({ ...options, algorithm: "fkm" });
  return JSON.stringify({ fkm, lloyd: await bitsOf({ ...options, algorithm: "lloyd" }) });
}
