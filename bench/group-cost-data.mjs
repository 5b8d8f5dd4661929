import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../scripts/setup.mjs";

const require = createRequire(import.meta.url);
const { generateBlobs } = require("../dist/data/generators/generate-blobs.js");
const { generatePaper } = require("../dist/data/generators/generate-paper.js");
const { findPartitions } = require("../dist/data/partitions/partition-list.js");
const { createPartitionLoader } = require("../dist/data/partitions/partition-loader.js");
const { readNpy } = require("../dist/directory/npy.js");
const { configure } = require("../dist/experiment/configuration.js");
const { randomStream } = require("../dist/numerics/random.js");

/*
 * The data that `group-cost.mjs` measures on. A set is `{ name, k, normalize, groupScale, federations, seeds }`: some
 * federations that are alike, and the seeds of the runs on each, over all of which figures are averaged. A federation is a
 * list of clients, each `{ name, rows: Matrix, labels: Int32Array | null }`.
 */

const DRAWS = 100;
const SEEDS = 10;
/** Of data on which a run takes seconds. */
const FEW = 5;
const STUDY = { k: 16, normalize: false };
const PIXELS = { k: 10, normalize: false };

/**
 * @param {{ paper?: string, writers?: string }} folders of the published study's data, a folder a cell, and of writers'
 *   digits, a file a client
 * @returns {Promise<{ sets: object[], absent: string[] }>} and what is not there
 */
export async function federationSets({ paper, writers }) {
  const absent = [];
  const isThere = (folder, what) => {
    if (folder !== undefined && existsSync(folder)) return true;
    absent.push(what);
    return false;
  };
  const sets = [await penguins(), ...scikitLearnSets(), ...generatedCells()];
  if (isThere(paper, "the data of the published study (PAPER_DATA)"))
    sets.push(...(await publishedCells(paper)));
  if (isThere(writers, "handwritten digits by writer (WRITERS_DATA)"))
    sets.push(...(await writersDigits(writers)));
  sets.push(blobs());
  return { sets, absent };
}

/** @param {object} differing from what most sets have */
function setOf(name, federations, differing) {
  return { name, federations, k: 3, normalize: true, groupScale: "std", seeds: seeds(1), ...differing };
}

function seeds(count) {
  return Array.from({ length: count }, (_, seed) => seed);
}

/** The same data with rows compared by standard deviations, the default, and by ranges. */
function byBothScales(name, federations, differing) {
  return [
    setOf(name, federations, differing),
    setOf(`the same, --group-scale range`, federations, { ...differing, groupScale: "range" }),
  ];
}

/** Nine of ten penguins of each island, drawn again and again. */
async function penguins() {
  const all = await clientsOf(join(ROOT, "data", "penguins"), { labelColumn: "species" });
  const federations = seeds(DRAWS).map((draw) => {
    const random = randomStream(draw, "bench penguins");
    return all.map((client) => {
      const n = client.rows.nRows;
      return pick(client, shuffled(random, n).slice(0, Math.floor(0.9 * n)));
    });
  });
  return setOf(`penguins, ${DRAWS} subsamples`, federations, {});
}

/** Data that come with scikit-learn, shared out at random again and again. */
function scikitLearnSets() {
  const folder = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
  try {
    execFileSync(process.env.PYTHON ?? "/usr/bin/python3", [join(import.meta.dirname, "sets.py"), folder]);
    const shared = (name, nClients, draws = DRAWS) => {
      const read = (what) => readNpy(readFileSync(join(folder, `${name}_${what}.npy`)), name);
      const { data, shape } = read("rows");
      const rows = { data, nRows: shape[0], nColumns: shape[1] };
      const whole = { name, rows, labels: Int32Array.from(read("labels").data) };
      return seeds(draws).map((draw) => shareOut(whole, nClients, randomStream(draw, `bench ${name}`)));
    };
    return [
      setOf("iris", shared("iris", 3), {}),
      setOf("wine", shared("wine", 3), {}),
      setOf("breast cancer", shared("breast_cancer", 5), { k: 2 }),
      ...byBothScales("digits, raw pixels", shared("digits", 10, FEW), PIXELS),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two cells of the published study, at its ends, by its scheme. */
function generatedCells() {
  return [
    { beta: 0.1, pointsPerCluster: 50, noise: 1.5 },
    { beta: 10, pointsPerCluster: 200, noise: 1.3 },
  ].map((cell) => {
    const { beta, pointsPerCluster, noise } = cell;
    const federations = seeds(2 * SEEDS).map((draw) => generatePaper({ ...cell, randomState: draw }).clients);
    return setOf(
      `generated, beta ${beta}, ${pointsPerCluster} a cluster, noise ${noise}`,
      federations,
      STUDY,
    );
  });
}

/** All cells of the published study together, and the two by themselves. */
async function publishedCells(folder) {
  const names = readdirSync(folder).filter((name) => name.startsWith("beta"));
  const cells = await Promise.all(names.map((name) => clientsOf(join(folder, name))));
  const cell = (name, text) =>
    setOf(`published, ${text}`, [cells[names.indexOf(name)]], { ...STUDY, seeds: seeds(SEEDS) });
  return [
    setOf(`${names.length} cells of the published study`, cells, { ...STUDY, seeds: seeds(FEW) }),
    cell("beta0.1_ppc50_noise1.5", "beta 0.1, 50 a cluster, noise 1.5"),
    cell("beta10_ppc200_noise1.3", "beta 10, 200 a cluster, noise 1.3"),
  ];
}

async function writersDigits(folder) {
  const federations = [await clientsOf(folder)];
  return byBothScales("writers' digits, 784 pixels: inertia", federations, { ...PIXELS, seeds: seeds(FEW) });
}

function blobs() {
  const { clients } = generateBlobs({
    ...{ numClients: 20, samplesPerClient: 5000, numFeatures: 10, numClusters: 10 },
    ...{ overlapFactor: 0.55, randomState: 1 },
  });
  return setOf("blobs, 100,000 x 10", [clients], { k: 10 });
}

/** The clients of a folder, with a file each. */
async function clientsOf(folder, settings = {}) {
  const { refs } = await findPartitions(folder, configure({ data: folder, ...settings }));
  const load = createPartitionLoader(refs);
  const partitions = await Promise.all(refs.map((ref) => load(ref)));
  const classes = [...new Set(partitions.flatMap((partition) => partition.classes))];
  return partitions.map(({ rows, labels, classes: own }, client) => ({
    name: refs[client].client,
    rows,
    labels: labels?.map((label) => classes.indexOf(own[label])) ?? null,
  }));
}

/** Rows in clients of nearly one size. */
function shareOut(whole, nClients, random) {
  const n = whole.rows.nRows;
  const order = shuffled(random, n);
  const border = (client) => Math.floor((n * client) / nClients);
  return Array.from({ length: nClients }, (_, client) => ({
    ...pick(whole, order.slice(border(client), border(client + 1))),
    name: String(client),
  }));
}

/** Some rows of a client. */
function pick({ name, rows: { data, nColumns: d }, labels }, numbers) {
  const rows = { data: new Float64Array(numbers.length * d), nRows: numbers.length, nColumns: d };
  for (const [i, number] of numbers.entries()) {
    rows.data.set(data.subarray(number * d, (number + 1) * d), i * d);
  }
  return { name, rows, labels: labels && Int32Array.from(numbers, (number) => labels[number]) };
}

/** Numbers below n in random order. */
function shuffled(random, n) {
  const keys = Float64Array.from({ length: n }, () => random.uniform());
  return Array.from({ length: n }, (_, i) => i).sort((a, b) => keys[a] - keys[b]);
}
