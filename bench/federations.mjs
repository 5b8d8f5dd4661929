import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { oneRun, writeClients } from "./clients.mjs";
import { median } from "./rows.mjs";

/*
 * Whole runs of large federations, files to files, each in a process of its own, against a Python script that pools
 * the same files, standardizes the rows and fits scikit-learn's KMeans once; alternating, medians.
 */

const k = 16;
const bare = { recordClientData: false, recordLocalMeans: false };
const twentyRounds = { maxIterations: 20, tolerance: 0, ...bare };
const FEDERATIONS = [
  {
    data: { clients: 10_000, rows: 100, d: 10, k, kind: "overlapping" },
    runs: [
      {
        name: "lloyd, 20 rounds, nothing recorded of clients",
        settings: { algorithm: "lloyd", restarts: 1, ...twentyRounds },
      },
      {
        name: "fkm with 1 restart, 20 rounds, nothing recorded of clients",
        settings: { restarts: 1, ...twentyRounds },
      },
    ],
  },
  {
    data: { clients: 1000, rows: 10_000, d: 10, k, kind: "blobs" },
    runs: [{ name: "fkm, of rows, all else as by default", settings: {} }],
  },
  {
    data: { clients: 2, rows: 10_000_000, d: 8, k, kind: "blobs", format: "npy" },
    runs: [
      { name: "fkm with 1 restart, rows not recorded", settings: { restarts: 1, recordClientData: false } },
    ],
  },
];

/** @returns {Promise<string>} a table, as Markdown */
export async function benchFederations({ repeats }) {
  const threads = availableParallelism();
  const lines = [
    `| clients x rows x features | run | scikit-learn, pooled | 1 thread | ${threads} threads | memory / rows |`,
    "| --- | --- | ---: | ---: | ---: | ---: |",
  ];
  for (const { data, runs } of FEDERATIONS) {
    const folder = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
    const clients = join(folder, "data");
    try {
      await writeClients(clients, data);
      const ours = runs.map(() => []);
      const single = runs.map(() => []);
      const theirs = [];
      for (let repeat = 0; repeat < repeats; repeat++) {
        theirs.push(pooled(clients));
        for (const [at, { settings }] of runs.entries()) {
          for (const [count, into] of [
            [threads, ours],
            [1, single],
          ]) {
            // A file system takes long to create files where it has just deleted as many: that can wait.
            const logDir = mkdtempSync(join(folder, "logs-"));
            into[at].push(
              await oneRun({ data: clients, logDir, kGlobal: k, groupSize: 1, threads: count, ...settings }),
            );
          }
        }
      }
      const seconds = (list) => median(list.map((one) => one.seconds));
      const bytes = data.clients * data.rows * data.d * 8;
      for (const [at, { name }] of runs.entries()) {
        const mine = seconds(ours[at]);
        const memory = Math.max(...ours[at].map(({ peakBytes }) => peakBytes));
        const cells = [
          `${data.clients.toLocaleString("en")} x ${data.rows.toLocaleString("en")} x ${data.d}`,
          name,
          `${(seconds(theirs) / mine).toFixed(1)}`,
          `${(seconds(single[at]) / mine).toFixed(1)}`,
          `${mine.toFixed(1)} s`,
          `${(memory / 1e9).toFixed(2)} / ${(bytes / 1e9).toFixed(2)} GB`,
        ];
        lines.push(`| ${cells.join(" | ")} |`);
        console.error(lines.at(-1));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return `${lines.join("\n")}\n`;
}

function pooled(folder) {
  const python = process.env.PYTHON ?? "/usr/bin/python3";
  const program = join(import.meta.dirname, "pooled.py");
  return JSON.parse(execFileSync(python, [program, folder, String(k)], { encoding: "utf8" }));
}
