import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
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
  groupSize: 1,
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
  let even;
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
        const seconds = [];
        for (let repeat = 0; repeat < repeats; repeat++)
          seconds.push((await oneRun(settings)).secondsPerRound);
        measured[name].push([value, median(seconds)]);
        console.error(`${name} = ${value}: ${(1000 * median(seconds)).toFixed(1)} ms a round`);
        rmSync(data, { recursive: true });
      }
    }
    even = await byThreads(folder, EVEN, repeats, THREADS.slice(1));
    measured.threads = THREADS.map((threads, at) => [threads, even.together[at]]);
    uneven = await byThreads(folder, UNEVEN, repeats, []);
    const python = process.env.PYTHON ?? "/usr/bin/python3";
    const program = join(import.meta.dirname, "cost_plot.py");
    execFileSync(python, [program, plot], { input: JSON.stringify({ base: BASE, measured }) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (THREADS.length === 1) return "";
  const each = (seconds, what) =>
    THREADS.map((count, at) => `on ${count} ${what} ${(seconds[0] / seconds[at]).toFixed(2)} times`)
      .slice(1)
      .join(", ");
  const apart = [even.together[0], ...even.apart];
  return (
    `As fast as on 1 thread: ${each(even.together, "threads")}; ` +
    `${each(apart, "processes that share nothing, the clients divided among them,")}; with two clients, one of ` +
    `which has seven eighths of the rows, ${each(uneven.together, "threads")}.\n`
  );
}

/**
 * Compares numbers of threads with one another, and with processes at the same time, of one thread and with a share of
 * the clients each. All in turn: a machine that others share is quicker at some times than at others.
 *
 * @param {number[]} rows of each client
 * @param {number[]} processes how many
 * @returns {Promise<{ together: number[], apart: number[] }>} seconds a round for each of THREADS and of `processes`,
 *   medians
 */
async function byThreads(folder, rows, repeats, processes) {
  const { d, k } = BASE;
  const data = (parts) => join(folder, `one_of_${parts}`);
  for (const parts of new Set([1, ...processes])) {
    await writeClients(data(parts), { rows: rows.slice(0, rows.length / parts), d, k, kind: "overlapping" });
  }
  const run = async (data, threads) => {
    const logDir = mkdtempSync(join(folder, "logs-"));
    const settings = { ...SETTINGS, data, logDir, kGlobal: k, threads, maxIterations: 20 };
    return (await oneRun(settings)).secondsPerRound;
  };
  const together = THREADS.map(() => []);
  const apart = processes.map(() => []);
  for (let repeat = 0; repeat < THREAD_REPEATS * repeats; repeat++) {
    for (const [at, threads] of THREADS.entries()) together[at].push(await run(data(1), threads));
    for (const [at, parts] of processes.entries()) {
      apart[at].push(
        Math.max(...(await Promise.all(Array.from({ length: parts }, () => run(data(parts), 1))))),
      );
    }
  }
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const medians = { together: together.map(median), apart: apart.map(median) };
  const ms = (all) => all.map((seconds) => (1000 * seconds).toFixed(1)).join(", ");
  console.error(`threads: ${ms(medians.together)} ms a round; processes: ${ms(medians.apart)} ms`);
  return medians;
}
