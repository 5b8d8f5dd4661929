import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRows, median } from "./rows.mjs";

/*
 * How long a client takes to put its rows into groups of five and more, against scikit-learn's KMeans, which whoever has
 * the rows would run on them: k = 16 and ten restarts, on two threads. From rows in memory, each in a process of its own,
 * alternating, medians.
 */

const require = createRequire(import.meta.url);
const { writeNpy } = require("../dist/directory/npy.js");

const SIZE = 5;
const K = 16;
const THREADS = 2;
const SHAPES = [
  [1_000_000, 10, "blobs"],
  [1_000_000, 10, "overlapping"],
  [10_000, 784, "overlapping"],
  [72, 7128, "overlapping"],
];

/**
 * @param {{ repeats: number }} options
 * @returns Markdown
 */
export async function benchGroups({ repeats }) {
  const lines = [
    "| rows x features | data | groups | ours | of it CPU | scikit-learn | scikit-learn, CPU | memory / rows |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
  ];
  let version;
  for (const [n, d, kind] of SHAPES) {
    const folder = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
    try {
      const path = join(folder, "rows.npy");
      writeFileSync(path, writeNpy({ data: makeRows(n, d, K, kind).rows, shape: [n, d] }));
      const ours = [];
      const theirs = [];
      for (let repeat = 0; repeat < repeats; repeat++) {
        ours.push(ask(process.execPath, ["group-once.mjs", path, String(SIZE)]));
        theirs.push(ask(process.env.PYTHON ?? "/usr/bin/python3", ["groups.py", path, String(K)]));
      }
      version = theirs[0].version;
      const of = (list, name) => median(list.map((one) => one[name]));
      const times = (name) => (of(theirs, name) / of(ours, name)).toFixed(1);
      const cells = [
        `${n.toLocaleString("en")} x ${d.toLocaleString("en")}`,
        kind,
        ours[0].nGroups.toLocaleString("en"),
        `${of(ours, "seconds").toFixed(1)} s`,
        `${of(ours, "cpuSeconds").toFixed(1)} s`,
        times("seconds"),
        times("cpuSeconds"),
        `${(of(ours, "peakBytes") / 1e9).toFixed(2)} / ${((n * d * 8) / 1e9).toFixed(2)} GB`,
      ];
      lines.push(`| ${cells.join(" | ")} |`);
      console.error(lines.at(-1));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const what =
    `Groups of ${SIZE} and more, on one thread; scikit-learn ${version}'s KMeans with k = ${K} and ten restarts on ` +
    `${THREADS} threads, times as long as ours. Memory of the process that groups, with the rows.`;
  return `${lines.join("\n")}\n\n${what}`;
}

/** Runs a program of this folder, which prints what it measured as JSON. */
function ask(command, [program, ...rest]) {
  const env = { ...process.env, OMP_NUM_THREADS: String(THREADS), OPENBLAS_NUM_THREADS: String(THREADS) };
  const text = execFileSync(command, [join(import.meta.dirname, program), ...rest], {
    encoding: "utf8",
    env,
  });
  return JSON.parse(text);
}
