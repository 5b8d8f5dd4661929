import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RIVALS, startRivals, versionsText } from "./rivals.mjs";
import { makeRows, median } from "./rows.mjs";

/*
 * The first rounds on overlapping clusters, before bounds can rule anything out: milliseconds a round of `lloyd` on two
 * clients and two threads, against an iteration of others on two threads from the same start.
 */

const require = createRequire(import.meta.url);
const { writeNpy } = require("../dist/directory/npy.js");

const ROUNDS = 20;
const THREADS = 2;
const SHAPES = [
  [1e6, 10, 16],
  [3e5, 32, 256],
];
/** Of each library the way that computes every distance. */
const FITS = {
  "scikit-learn": "lloyd",
  intelex: "intelex",
  mlpack: "mlpack naive",
  "faiss, float32": "faiss",
};

/**
 * @param {{ repeats: number }} options
 * @returns Markdown
 */
export async function benchFirstRounds({ repeats }) {
  const rivals = RIVALS.filter(({ name }) => FITS[name] !== undefined);
  const names = rivals.map(({ name }) => name);
  const lines = [
    `| rows | features | clusters | ${names.join(" | ")} | a round of ours |`,
    `| ---: | ---: | ---: | ${names.map(() => "---:").join(" | ")} | ---: |`,
  ];
  const folder = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
  const python = startRivals(THREADS);
  let versions;
  try {
    for (const [n, d, k] of SHAPES) {
      const settings = writeShape(folder, n, d, k);
      versions = await python.ask({ rows: join(folder, "rows.npy"), start: settings.start });
      const ours = [];
      const theirs = names.map(() => []);
      for (let repeat = 0; repeat < repeats; repeat++) {
        const run = execFileSync(
          process.execPath,
          [join(import.meta.dirname, "one-run.mjs"), JSON.stringify(settings)],
          { encoding: "utf8" },
        );
        ours.push(JSON.parse(run).secondsPerRound * 1000);
        for (const [r, { name, single }] of rivals.entries()) {
          const ask = async (iterations) =>
            (await python.ask({ fit: FITS[name], single, iterations, tolerance: 0 })).seconds;
          // What comes before the first iteration and after the last is no part of a round.
          theirs[r].push(((await ask(ROUNDS + 1)) - (await ask(1))) * (1000 / ROUNDS));
        }
      }
      const ratios = theirs.map((times) => (median(times) / median(ours)).toFixed(2));
      lines.push(`| ${[n, d, k, ...ratios].join(" | ")} | ${median(ours).toFixed(0)} ms |`);
      console.error(lines.at(-1));
    }
  } finally {
    python.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return `${lines.join("\n")}\n\nTimes as long as ours, two threads each. ${versionsText(versions)}.`;
}

/** Writes the rows as two clients' and as one file, and the start; returns a run's settings. */
function writeShape(folder, n, d, k) {
  const { rows, start } = makeRows(n, d, k, "overlapping");
  const data = join(folder, `data ${n}`);
  mkdirSync(data);
  const half = (n / 2) * d;
  const write = (path, values) =>
    writeFileSync(path, writeNpy({ data: values, shape: [values.length / d, d] }));
  write(join(data, "client_0.npy"), rows.subarray(0, half));
  write(join(data, "client_1.npy"), rows.subarray(half));
  write(join(folder, "rows.npy"), rows);
  write(join(folder, "start.npy"), start);
  return {
    data,
    start: join(folder, "start.npy"),
    logDir: join(folder, "logs"),
    ...{ algorithm: "lloyd", kGlobal: k, maxIterations: ROUNDS, tolerance: 0, threads: THREADS },
    ...{ normalize: false, groupSize: 1, recordClientData: false, recordLocalMeans: false },
  };
}
