import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLI, ROOT } from "../scripts/setup.mjs";
import { median } from "./rows.mjs";

/*
 * How long a small run takes: three islands of penguins, from the shell against a Python script that pools the same
 * files and fits scikit-learn's KMeans, both as whole processes and alternating; and again and again within one
 * process, as in a notebook.
 */

const data = join(ROOT, "data", "penguins");
const PYTHON = process.env.PYTHON ?? "/usr/bin/python3";
const POOLED = `
import csv, glob, numpy as np
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler
rows = [[float(value) for name, value in row.items() if name != "species"]
        for path in sorted(glob.glob(${JSON.stringify(join(data, "*.csv"))})) for row in csv.DictReader(open(path))]
KMeans(3, n_init=10, random_state=42).fit(StandardScaler().fit_transform(np.array(rows)))
`;
/** @returns {Promise<string>} a sentence */
export async function benchStart({ repeats }) {
  const scratch = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
  const settings = ["--data", data, "--label-column", "species", "--k-global", "3", "--log-dir", scratch];
  const rivals = {
    fedkmeans: [process.execPath, [CLI, "run", ...settings]],
    "scikit-learn": [PYTHON, ["-c", POOLED]],
  };
  try {
    const seconds = { fedkmeans: [], "scikit-learn": [] };
    for (let i = 0; i < repeats; i++) {
      for (const [name, [program, args]] of Object.entries(rivals)) {
        const started = performance.now();
        execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
        seconds[name].push((performance.now() - started) / 1000);
      }
    }
    const [ours, theirs] = [median(seconds.fedkmeans), median(seconds["scikit-learn"])];

    const fk = createRequire(import.meta.url)("../dist/index.js");
    const again = [];
    for (let i = 0; i <= repeats; i++) {
      const started = performance.now();
      await fk.run({ data, labelColumn: "species", kGlobal: 3, logDir: scratch });
      again.push(performance.now() - started);
    }
    return (
      `\`fedkmeans run\` on three islands of penguins takes ${ours.toFixed(2)} s from the shell, ` +
      `${(theirs / ours).toFixed(1)} times less than Python with scikit-learn on the pooled rows ` +
      `(${theirs.toFixed(2)} s), and ${median(again.slice(1)).toFixed(0)} ms in a process that has run it before.`
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
