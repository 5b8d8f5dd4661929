import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { listPartitions } from "#src/data/partitions/partition-list.js";
import { threadsFederation } from "#src/federation/carriers/threads/federation.js";
import type { Federation } from "#src/federation/federation.js";
import { thresholdPolicy } from "#src/privacy/policy.js";
import type { Message } from "#src/workflow/message.js";
import { runOnNodeAndDeno } from "../support/deno.js";
import { generatedFolder, json } from "../support/experiment.js";
import { STEPS, serveAll } from "../support/federation.js";
import { COLUMN_DEFAULTS } from "../support/tables.js";
import { temporaryFolder } from "../support/temporary.js";

const INDEX = JSON.stringify(require.resolve("#src/index.js"));

/** A program that starts runs, and must end by itself once they have ended. */
const program = (data: string, logDir: string, body: string) => `
const fk = require(${INDEX});
const settings = { data: ${JSON.stringify(data)}, logDir: ${JSON.stringify(logDir)}, threads: 2 };
async function attempt(name, settings, hooks) {
  try {
    await fk.run(settings, hooks);
    console.log(name, "done");
  } catch (error) {
    console.log(name, error.message);
  }
  const left = process.getActiveResourcesInfo().filter((kind) => /worker|messageport|timeout/i.test(kind));
  if (left.length > 0) console.log("left:", left.join());
}
(async () => {
${body}
})();
`;

test("no thread outlives a run that is done, stopped in any phase, or failed, on Node and on Deno", async (context) => {
  const data = await generatedFolder(context, { numFeatures: 3 });
  const folder = temporaryFolder(context);
  const logDir = join(folder, "logs");
  const phases = ["handshake", "normalization", "pca", "round", "clustered"];
  const body = `
  await attempt("run", settings);
  for (const phase of ${JSON.stringify(phases)}) {
    const controller = new AbortController();
    const onEvent = ({ type }) => type === phase && controller.abort(new Error("stopped after " + phase));
    await attempt(phase, settings, { signal: controller.signal, onEvent });
  }
  await attempt("before", settings, { signal: AbortSignal.abort(new Error("stopped")) });
  await attempt("failing", { ...settings, kGlobal: 1000 });
  await attempt("failing later", { ...settings, privacy: "threshold", privacyThreshold: 39, kGlobal: 30 });
  await attempt("throwing", settings, { onEvent() { throw new Error("mine"); } });
`;
  const { node, deno } = runOnNodeAndDeno(folder, program(data, logDir, body));
  assert.equal(
    node,
    [
      "run done",
      ...phases.map((phase) => `${phase} stopped after ${phase}`),
      "before stopped",
      "failing cannot make 1000 clusters of 19 groups (120 rows, groupSize 5): kGlobal must be at most the number of groups",
      "failing later no client reported a single mean: every local cluster has fewer rows than the privacy " +
        "threshold; lower kGlobal or the threshold, or bring more rows",
      "throwing mine",
      "",
    ].join("\n"),
  );
  assert.equal(deno, node);
});

test("a run that is stopped says so in its directory", async (context) => {
  const data = await generatedFolder(context);
  const folder = temporaryFolder(context);
  const logDir = join(folder, "logs");
  const body = `
  const controller = new AbortController();
  const onEvent = ({ type }) => type === "round" && controller.abort(new Error("enough"));
  await attempt("stopped", settings, { signal: controller.signal, onEvent });
`;
  const { node } = runOnNodeAndDeno(folder, program(data, join(logDir, "node"), body));
  assert.equal(node, "stopped enough\n");
  for (const name of readdirSync(join(logDir, "node"))) {
    const { status, reason } = json(logDir, "node", name, "experiment_summary.json");
    assert.deepEqual([status, reason], ["aborted", "interrupted"]);
  }
});

test("the server's thread opens no client's file", async (context) => {
  const data = await generatedFolder(context);
  const folder = temporaryFolder(context);
  const spies = `
  const opened = [];
  for (const [module, names] of [
    [require("node:fs"), ["readFileSync", "openSync", "open", "readFile", "createReadStream"]],
    [require("node:fs/promises"), ["open", "readFile"]],
  ]) {
    for (const name of names) {
      const real = module[name];
      module[name] = (path, ...rest) => {
        opened.push(String(path));
        return real(path, ...rest);
      };
    }
  }
  await attempt(process.argv[2], { ...settings, carrier: "CARRIER" });
  console.log(opened.filter((path) => /client_\\d\\.npz$/.test(path)).length);
`;
  const run = (carrier: string) =>
    runOnNodeAndDeno(folder, program(data, join(folder, carrier), spies.replace("CARRIER", carrier))).node;
  assert.match(run("threads"), /done\n0\n$/);
  // The same spies see the calling thread read them where it holds the clients.
  assert.match(run("inline"), /done\n[1-9]\d*\n$/);
});

test("what reaches the server's thread does not grow with a client's rows", async (context) => {
  const data = await generatedFolder(context, { numFeatures: 3, samplesPerClient: 2000 });
  const refs = await listPartitions(data, COLUMN_DEFAULTS);
  const sources = refs.map((ref) => ({ name: ref.client, policy: thresholdPolicy(2), data: ref }));
  for (const algorithm of ["fkm", "lloyd"] as const) {
    const federation = threadsFederation(sources, { threads: 2 });
    const sizes: Record<string, number> = {};
    const watched: Federation = {
      clients: federation.clients,
      simulation: null,
      close: () => federation.close(),
      async *exchange(request: Message, options) {
        for await (const replies of federation.exchange(request, options)) {
          for (const reply of replies) {
            const arrays = "message" in reply ? Object.values(reply.message.arrays) : [];
            const values = arrays.reduce((sum, { data }) => sum + data.length, 0);
            sizes[request.kind] = Math.max(sizes[request.kind] ?? 0, values);
          }
          yield replies;
        }
      },
    };
    await serveAll(watched, { algorithm });
    await federation.close();
    assert.deepEqual(
      Object.keys(sizes),
      STEPS.map(([, kind]) => kind),
    );
    for (const [kind, values] of Object.entries(sizes)) assert.ok(values <= 40, `${kind}: ${values} values`);
  }
});
