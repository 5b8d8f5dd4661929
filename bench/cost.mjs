import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { oneRun, writeClients } from "./clients.mjs";
import { median } from "./rows.mjs";

/* How the time of a round grows with rows, features, clusters, clients and threads: one of them at a time. */

const BASE = { n: 1_600_000, d: 8, k: 16, clients: 8, threads: availableParallelism() };
const VALUES = {
  n: [100_000, 200_000, 400_000, 800_000, 1_600_000, 3_200_000],
  d: [2, 4, 8, 16, 32],
  k: [4, 8, 16, 32, 64, 128],
  clients: [2, 8, 32, 128, 512, 2048],
};
const THREADS = [1, 2, 4, 8].filter((threads) => threads <= availableParallelism());
/** Federations that threads are compared on, rows of each client. */
const EVEN = new Array(BASE.clients).fill(BASE.n / BASE.clients);
const UNEVEN = [(BASE.n * 7) / 8, BASE.n / 8];
/** As many runs more for threads, which are compared with one another. */
const THREAD_REPEATS = 3;
const SETTINGS = {
  algorithm: "lloyd",
  start: "random",
  maxIterations: 10,
  tolerance: 0,
  recordClientData: false,
  recordLocalMeans: false,
};

/**
 * Draws the plot.
 *
 * @param {{ repeats: number, plot: string }} options `plot`: where to
 * @returns {Promise<string>} a sentence on threads
 */
export async function benchCost({ repeats, plot }) {
  const folder = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
  const measured = {};
  let uneven;
  try {
    for (const [name, values] of Object.entries(VALUES)) {
      measured[name] = [];
      for (const value of values) {
        const { n, d, k, clients, threads } = { ...BASE, [name]: value };
        const data = join(folder, "data");
        const rows = Math.floor(n / clients);
        await writeClients(data, { clients, rows, d, k: BASE.k, kind: "overlapping" });
        const settings = { data, logDir: join(folder, "logs"), kGlobal: k, threads, ...SETTINGS };
        const seconds = Array.from({ length: repeats }, () => oneRun(settings).secondsPerRound);
        measured[name].push([value, median(seconds)]);
        console.error(`${name} = ${value}: ${(1000 * median(seconds)).toFixed(1)} ms a round`);
        rmSync(data, { recursive: true });
      }
    }
    measured.threads = await byThreads(folder, EVEN, repeats);
    uneven = await byThreads(folder, UNEVEN, repeats);
    const python = process.env.PYTHON ?? "/usr/bin/python3";
    const program = join(import.meta.dirname, "cost_plot.py");
    execFileSync(python, [program, plot], { input: JSON.stringify({ base: BASE, measured }) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const gained = ([one, ...more]) =>
    more.map(([threads, seconds]) => `${threads} threads ${(one[1] / seconds).toFixed(2)} times`).join(", ");
  if (THREADS.length === 1) return "";
  return `As fast as 1 thread: ${gained(measured.threads)}; with two clients, one of which has seven eighths of the rows, ${gained(uneven)}.\n`;
}

/** Seconds a round on so many threads, in turn: a machine that others share is quicker at some times than at others. */
async function byThreads(folder, rows, repeats) {
  const data = join(folder, "data");
  const { d, k } = BASE;
  await writeClients(data, { rows, d, k, kind: "overlapping" });
  const seconds = THREADS.map(() => []);
  for (let repeat = 0; repeat < THREAD_REPEATS * repeats; repeat++) {
    for (const [at, threads] of THREADS.entries()) {
      const settings = {
        data,
        logDir: join(folder, "logs"),
        kGlobal: k,
        threads,
        ...SETTINGS,
        maxIterations: 20,
      };
      seconds[at].push(oneRun(settings).secondsPerRound);
    }
  }
  rmSync(data, { recursive: true });
  const medians = THREADS.map((threads, at) => [threads, median(seconds[at])]);
  for (const [threads, each] of medians)
    console.error(`threads = ${threads}: ${(1000 * each).toFixed(1)} ms a round`);
  return medians;
}
