import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { oneRun } from "./clients.mjs";
import { makeRows, median } from "./rows.mjs";

/*
 * Whole runs on few rows of many features, all defaults, from files to experiment directory, each in a process of its
 * own, against scikit-learn's PCA and KMeans on the pooled rows, from the same files; alternating, medians. What was
 * found is compared with NumPy's full decomposition.
 */

const require = createRequire(import.meta.url);
const { writeNpy } = require("../dist/directory/npy.js");
const { randomStream } = require("../dist/numerics/random.js");

const K = 3;
const CLIENTS = 2;
const SHAPES = [
  { n: 72, d: 7129, kind: "overlapping" },
  { n: 60, d: 13_125, kind: "word counts" },
  { n: 180, d: 2000, kind: "overlapping" },
  { n: 180, d: 3000, kind: "overlapping" },
];

/** @returns {Promise<string>} a table, as Markdown */
export async function benchWide({ repeats }) {
  const lines = [
    "| rows x features | | ours | times scikit-learn's | memory | sweeps | sine of the angle (next eigenvalue) | error of the variance |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
  ];
  for (const { n, d, kind } of SHAPES) {
    const folder = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
    try {
      const data = join(folder, "data");
      writeClients(data, n, d, kind === "word counts" ? wordCounts(n, d) : makeRows(n, d, K, kind).rows);
      const ours = [];
      const theirs = [];
      let sweeps;
      for (let repeat = 0; repeat < repeats; repeat++) {
        const logDir = mkdtempSync(join(folder, "logs-"));
        ours.push(await oneRun({ data, logDir, kGlobal: K, groupSize: 1 }));
        const [run] = readdirSync(logDir).map((name) => join(logDir, name));
        ({ sweeps } = JSON.parse(readFileSync(join(run, "experiment_summary.json"), "utf8")).pca_sweeps);
        theirs.push(scikitLearn(data, run));
      }
      const seconds = (list) => median(list.map((one) => one.seconds));
      const { next, sine, error, ratioError } = theirs[0];
      const cells = [
        `${n} x ${d.toLocaleString("en")}`,
        kind,
        `${seconds(ours).toFixed(2)} s`,
        (seconds(ours) / seconds(theirs)).toFixed(1),
        `${(Math.max(...ours.map(({ peakBytes }) => peakBytes)) / 1e9).toFixed(2)} GB`,
        sweeps,
        `${sine.toExponential(0)} (${next.toFixed(2)})`,
        Math.max(error, ratioError).toExponential(0),
      ];
      lines.push(`| ${cells.join(" | ")} |`);
      console.error(lines.at(-1));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return `${lines.join("\n")}\n`;
}

function writeClients(folder, n, d, rows) {
  mkdirSync(folder);
  for (let client = 0; client < CLIENTS; client++) {
    const [from, to] = [client, client + 1].map((part) => Math.floor((n * part) / CLIENTS));
    const shape = [to - from, d];
    writeFileSync(
      join(folder, `client_${client}.npy`),
      writeNpy({ shape, data: rows.slice(from * d, to * d) }),
    );
  }
}

/** How often each of d words is in n documents on as many topics as there are clusters: few words are in most. */
function wordCounts(n, d) {
  const random = randomStream(1, `bench word counts ${n} ${d}`);
  const topics = Float64Array.from({ length: K * d }, () => Math.exp(1.5 * random.normal()));
  const counts = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const topic = Math.floor(random.uniform() * K) * d;
    const length = 300 * Math.exp(0.5 * random.normal());
    for (let f = 0; f < d; f++) counts[i * d + f] = poisson(random, (length * topics[topic + f]) / (f + 10));
  }
  return counts;
}

/** A draw of Poisson's distribution (Knuth); of a mean beyond what that can, its normal approximation. */
function poisson(random, mean) {
  if (mean > 500) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  let count = 0;
  for (let product = random.uniform(); product > Math.exp(-mean); product *= random.uniform()) count += 1;
  return count;
}

function scikitLearn(data, run) {
  const python = process.env.PYTHON ?? "/usr/bin/python3";
  const program = join(import.meta.dirname, "wide.py");
  return JSON.parse(execFileSync(python, [program, data, String(K), run], { encoding: "utf8" }));
}
