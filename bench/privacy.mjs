import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../scripts/setup.mjs";
import { EPSILONS, METHODS, RIVAL_RUNS, rivalFigures } from "./privacy-rivals.mjs";

const require = createRequire(import.meta.url);
const { generatePaper } = require("../dist/data/generators/generate-paper.js");
const { memoryDataOf } = require("../dist/data/partitions/memory-data.js");
const { findPartitions } = require("../dist/data/partitions/partition-list.js");
const { createPartitionLoader } = require("../dist/data/partitions/partition-loader.js");
const { readNpy } = require("../dist/directory/npy.js");
const { configure, serverOptionsOf } = require("../dist/experiment/configuration.js");
const { policyOf } = require("../dist/experiment/privacy-settings.js");
const { inlineFederation } = require("../dist/federation/carriers/inline.js");
const { privateClients } = require("../dist/federation/client/private-clients.js");
const { serve } = require("../dist/federation/server.js");
const { chart } = require("../dist/markup/chart.js");
const { addContingency, adjustedRandIndex } = require("../dist/numerics/contingency.js");
const { kMeans } = require("../dist/numerics/k-means.js");
const { nearestCentroids } = require("../dist/numerics/nearest-centroids.js");
const { randomStream } = require("../dist/numerics/random.js");
const { clipToBox } = require("../dist/privacy/noisy-sums.js");

/*
 * How good clusterings under differential privacy are: runs in memory, each client with a budget and noise of its own from
 * the operating system, against labels. Noise is never the same twice, so that figures differ from one time to the next by
 * about their standard errors.
 */

const DELTA = 1e-6;
const DRAWS = 20;

/** Bounds of penguins, round figures that need no penguin to be seen. */
const PENGUIN_BOUNDS = {
  bill_length_mm: [25, 65],
  bill_depth_mm: [10, 25],
  flipper_length_mm: [150, 250],
  body_mass_g: [2000, 7000],
};

/** Sets that the rivals were measured on, and what they are called in the table. */
const COMPARED = [
  ["penguins", "penguins, 342 x 4, k 3, 3 clients"],
  ["blobs 2k", "blobs, 2,000 x 5, k 5, 10 clients"],
  ["blobs 20k", "blobs, 20,000 x 5, k 5, 10 clients"],
  ["grid", "grid, 8,000 x 2, k 16, 10 clients"],
  ["paper 1", "study, beta 0.1, 50 a cluster, noise 1, k 16, 5 clients"],
  ["paper 1.5", "study, beta 0.1, 50 a cluster, noise 1.5, k 16, 5 clients"],
  ["paper 10", "study, beta 10, 200 a cluster, noise 1.3, k 16, 5 clients"],
  ["digits", "digits, 1,797 x 8, k 10, 10 clients"],
];
/** Sets that do not suit the start. */
const AWKWARD = [
  ["corner", "all in one corner of the box, 4,000 x 4, k 6"],
  ["loose bounds", "all in the middle quarter of each axis, 4,000 x 4, k 6"],
  ["edges", "at the box's eight corners, 4,000 x 3, k 8"],
  ["unequal", "shares of .5 to .03, 6,000 x 4, k 6"],
];
/** A few that take seconds. */
const SHORT = { names: ["penguins", "blobs 2k"], epsilons: [1, 8] };

/**
 * @param {{ repeats: number, short?: boolean, plot?: string }} options runs of each draw of data; only a few, which must
 *   come to something; where to put the picture
 * @returns {Promise<Record<string, string>>} Markdown, by the page that it is for
 */
export async function benchPrivacy({ repeats, short = false, plot }) {
  const folder = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
  try {
    const python = process.env.PYTHON ?? "/usr/bin/python3";
    execFileSync(python, [join(import.meta.dirname, "privacy-sets.py"), folder, String(short ? 3 : DRAWS)]);
    const measure = async ([name], epsilons) => {
      const set = await setOf(name, folder, short ? 3 : DRAWS);
      const found = [];
      for (const epsilon of epsilons) found.push(statistics(await arisOf(set, epsilon, repeats, folder)));
      console.error(
        `${name}: ${found.map(({ mean, error }) => `${mean.toFixed(3)} ± ${error.toFixed(3)}`).join("  ")}`,
      );
      return { pooled: pooledAri(set), ours: found };
    };
    if (short) {
      const lines = [];
      for (const name of SHORT.names) {
        const { ours } = await measure([name], SHORT.epsilons);
        lines.push(
          `- ${name}: ${SHORT.epsilons.map((epsilon, i) => `${ours[i].mean.toFixed(2)} at ${epsilon}`).join(", ")}`,
        );
        // Far below what it is: a broken mechanism or rule comes to 0, or to that of the start.
        if (!(ours[1].mean > 0.6)) throw new Error(`${name}: an ARI of ${ours[1].mean} at epsilon 8`);
      }
      return { "privacy.md": `ARI of a few runs:\n\n${lines.join("\n")}` };
    }
    const compared = [];
    for (const set of COMPARED) compared.push({ set, ...(await measure(set, EPSILONS)) });
    const awkward = [];
    for (const set of AWKWARD) awkward.push({ set, ...(await measure(set, EPSILONS)) });
    if (plot !== undefined) writeFileSync(plot, picture(compared));
    const runs = DRAWS * repeats;
    return {
      "privacy.md": summary(compared, runs),
      "differential-privacy.md": report(compared, awkward, runs),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What one set is: k, its federations as clients with labels, bounds. */
async function setOf(name, folder, draws) {
  if (name === "penguins") {
    const bounds = Object.entries(PENGUIN_BOUNDS).map(([feature, [low, high]]) => ({ feature, low, high }));
    return { k: 3, bounds, federations: [await penguins()] };
  }
  if (name.startsWith("paper")) {
    const cell = name === "paper 10" ? { beta: 10, pointsPerCluster: 200, noise: 1.3 } : null;
    const noise = name === "paper 1.5" ? 1.5 : 1;
    const options = cell ?? { beta: 0.1, pointsPerCluster: 50, noise };
    const clients = generatePaper({ ...options, randomState: 42 }).clients;
    return { k: 16, bounds: boundsOf(2, 12), federations: [clients] };
  }
  const nClients = 10;
  const read = (draw, what) => readNpy(readFileSync(join(folder, `${name}.${draw}.${what}.npy`)), name);
  const count = name === "digits" ? 1 : draws;
  const federations = Array.from({ length: count }, (_, draw) => {
    const { data, shape } = read(draw, "rows");
    const labels = Int32Array.from(read(draw, "labels").data);
    return cut({ data, nRows: shape[0], nColumns: shape[1] }, labels, nClients);
  });
  const k = { grid: 16, digits: 10, edges: 8, corner: 6, "loose bounds": 6, unequal: 6 }[name] ?? 5;
  return { k, bounds: boundsOf(federations[0][0].rows.nColumns, 1), federations };
}

function boundsOf(d, bound) {
  return Array.from({ length: d }, (_, f) => ({ feature: `x${f}`, low: -bound, high: bound }));
}

async function penguins() {
  const data = join(ROOT, "data", "penguins");
  const { refs } = await findPartitions(data, configure({ data, labelColumn: "species" }));
  const load = createPartitionLoader(refs);
  const partitions = await Promise.all(refs.map((ref) => load(ref)));
  const classes = [...new Set(partitions.flatMap((partition) => partition.classes))];
  return partitions.map(({ rows, labels, classes: own }) => ({
    rows,
    labels: labels.map((label) => classes.indexOf(own[label])),
  }));
}

/** The first clients have one row more where they do not come out even, as numpy.array_split has it. */
function cut({ data, nRows, nColumns: d }, labels, nClients) {
  let from = 0;
  return Array.from({ length: nClients }, (_, client) => {
    const n = Math.floor(nRows / nClients) + (client < nRows % nClients ? 1 : 0);
    const rows = { data: Float64Array.from(data.subarray(from * d, (from + n) * d)), nRows: n, nColumns: d };
    const part = { rows, labels: labels.slice(from, from + n) };
    from += n;
    return part;
  });
}

/** The ARI of each run of a set. */
async function arisOf({ k, bounds, federations }, epsilon, repeats, folder) {
  const file = join(folder, "bounds.csv");
  const lines = bounds.map(({ feature, low, high }) => `${feature},${low},${high}`);
  writeFileSync(file, `feature,low,high\n${lines.join("\n")}\n`);
  const box = {
    features: bounds.map(({ feature }) => feature),
    low: Float64Array.from(bounds, ({ low }) => low),
    high: Float64Array.from(bounds, ({ high }) => high),
  };
  const aris = [];
  for (let seed = 0; seed < DRAWS * repeats; seed++) {
    const clients = federations[seed % federations.length];
    const configuration = configure({
      ...{ data: memoryOf(clients, box), kGlobal: k, randomState: seed, algorithm: "dp-lloyd" },
      ...{ privacy: "dp", epsilon, delta: DELTA, bounds: file, declaredRows: rowsOf(clients) },
    });
    const policy = policyOf(configuration, box);
    const parties = configuration.data.clients.map(
      ({ client, partition }) => privateClients(client, partition, policy, policy.privately).points,
    );
    const { signal } = new AbortController();
    const options = serverOptionsOf(configuration, "k-means++");
    for await (const event of serve(inlineFederation(parties), options, { signal })) {
      if (event.type === "evaluation") aris.push(ariOf(clients, box, event.finalMeans, k));
    }
  }
  return aris;
}

function memoryOf(clients, { features }) {
  return memoryDataOf(
    clients.map(({ rows }, i) => ({
      client: String(i).padStart(2, "0"),
      partition: { rows, labels: null, classes: [], featureNames: features },
    })),
  );
}

function rowsOf(clients) {
  return clients.reduce((sum, { rows }) => sum + rows.nRows, 0);
}

/** Of rows as they are in the box, each at the nearest mean there. */
function ariOf(clients, { low, high }, finalMeans, k) {
  const d = finalMeans.nColumns;
  const means = clipToBox(finalMeans, low, high).rows.data;
  const nClasses = 1 + Math.max(...clients.map(({ labels }) => labels.reduce((a, b) => Math.max(a, b), 0)));
  const table = { counts: new Float64Array(nClasses * k), nClasses, nClusters: k };
  for (const { rows, labels } of clients) {
    const inBox = clipToBox(rows, low, high).rows.data;
    addContingency(table, labels, nearestCentroids(inBox, d, means), null);
  }
  return adjustedRandIndex(table);
}

/** Of k-means of all rows together, without any privacy, best of ten starts; the mean over all draws. */
function pooledAri({ k, bounds, federations }) {
  const low = Float64Array.from(bounds, (bound) => bound.low);
  const high = Float64Array.from(bounds, (bound) => bound.high);
  const aris = federations.map((clients, draw) => {
    const d = clients[0].rows.nColumns;
    const parts = clients.map(({ rows }) => clipToBox(rows, low, high).rows.data);
    const data = Float64Array.from(parts.flatMap((part) => [...part]));
    const options = { maxIterations: 300, tolerance: 1e-4, restarts: 10 };
    const { means } = kMeans(data, d, k, null, options, randomStream(draw, "bench pooled"));
    const box = { low: new Float64Array(d).fill(-1), high: new Float64Array(d).fill(1) };
    const inBox = clients.map(({ labels, rows: { nRows } }, i) => ({
      labels,
      rows: { data: parts[i], nRows, nColumns: d },
    }));
    return ariOf(inBox, box, { data: means, nRows: k, nColumns: d }, k);
  });
  return statistics(aris).mean;
}

/** Mean and its standard error. */
function statistics(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / Math.max(1, values.length - 1) / values.length) };
}

/** Each set in a line: ours, and the best of the others. */
function summary(compared, runs) {
  const head = ["data", ...EPSILONS.map((epsilon) => `epsilon ${epsilon}`), "pooled, no privacy"];
  const lines = [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:")))];
  for (const {
    set: [name, text],
    pooled,
    ours,
  } of compared) {
    const best = (at) => Math.max(...METHODS.map((method) => rivalFigures(name, method)[at].mean));
    const cells = ours.map(({ mean }, at) => `${mean.toFixed(2)} / ${best(at).toFixed(2)}`);
    lines.push(line([text, ...cells, pooled.toFixed(2)]));
  }
  return (
    `Adjusted Rand index against the labels, mean of ${runs} runs; after the stroke the best of the four others at that ` +
    `epsilon, of ${RIVAL_RUNS} runs:\n\n${lines.join("\n")}`
  );
}

function report(compared, awkward, runs) {
  const head = ["data", "epsilon", "dp-lloyd", ...METHODS];
  const lines = [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:")))];
  const below = [];
  for (const {
    set: [name, text],
    pooled,
    ours,
  } of compared) {
    for (const [at, epsilon] of EPSILONS.entries()) {
      const rivals = METHODS.map((method) => rivalFigures(name, method)[at]);
      const best = Math.max(ours[at].mean, ...rivals.map(({ mean }) => mean));
      const cell = (mean, more) =>
        mean === best ? `**${mean.toFixed(3)}**${more}` : `${mean.toFixed(3)}${more}`;
      const title = at === 0 ? `${text} (pooled, no privacy: ${pooled.toFixed(3)})` : "";
      const own = cell(ours[at].mean, ` ± ${ours[at].error.toFixed(3)}`);
      lines.push(line([title, epsilon, own, ...rivals.map(({ mean }) => cell(mean, ""))]));
      rivals.forEach(({ mean, error }, i) => {
        if (ours[at].mean >= mean - 2 * Math.hypot(error, ours[at].error)) return;
        below.push(`${METHODS[i]} on ${text} at epsilon ${epsilon}`);
      });
    }
  }
  const verdict =
    below.length === 0
      ? "At no epsilon, on none of these data, is `dp-lloyd` below another method by more than two standard errors."
      : `By more than two standard errors \`dp-lloyd\` is below ${below.join("; ")}.`;
  const awkwardHead = [
    "data, 10 clients",
    ...EPSILONS.map((epsilon) => `epsilon ${epsilon}`),
    "pooled, no privacy",
  ];
  const awkwardLines = [line(awkwardHead), line(awkwardHead.map((_, i) => (i === 0 ? "---" : "---:")))];
  for (const {
    set: [, text],
    pooled,
    ours,
  } of awkward) {
    const cells = ours.map(({ mean, error }) => `${mean.toFixed(3)} ± ${error.toFixed(3)}`);
    awkwardLines.push(line([text, ...cells, pooled.toFixed(3)]));
  }
  return (
    `Adjusted Rand index against the labels, means of ${runs} runs ± standard error; the others' of ${RIVAL_RUNS}:\n\n` +
    `${lines.join("\n")}\n\n${verdict}\n\n` +
    `Data that do not suit a start in the middle of the box:\n\n${awkwardLines.join("\n")}`
  );
}

function line(cells) {
  return `| ${cells.join(" | ")} |`;
}

/** ARI against epsilon, a panel a set. */
function picture(compared) {
  const categories = EPSILONS.map(String);
  const seriesOf = (name, figures) => ({
    name,
    points: figures.map(({ mean, error }, at) => ({
      x: categories[at],
      y: mean,
      low: mean - 2 * error,
      high: mean + 2 * error,
    })),
  });
  const panels = compared.map(({ set: [name, text], ours }) => ({
    title: text.replace(/, \d+ clients$/, ""),
    xLabel: "epsilon",
    yLabel: "adjusted Rand index",
    categories,
    series: [
      seriesOf("dp-lloyd, noise of each client", ours),
      ...METHODS.map((method) => seriesOf(`${method}, central noise`, rivalFigures(name, method))),
    ],
  }));
  // A page that is read on a dark screen has nothing behind its pictures.
  return chart(panels, { width: 1000, columns: 2 }).replace("<svg ", '<svg style="background:#fff" ');
}
