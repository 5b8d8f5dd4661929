import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRows, median } from "./rows.mjs";
import { startScikitLearn } from "./scikit-learn.mjs";

/*
 * Fit to convergence against scikit-learn, ml-kmeans and skmeans: same rows, same start, same tolerance, one
 * thread each, rivals alternating in one run, medians. From rows in memory, as each one's own reader leaves them, to
 * labels, means and inertia.
 */

const require = createRequire(import.meta.url);
const fk = require("../dist/src/index.js");
const { kMeansFrom } = require("../dist/src/numerics/k-means.js");
const { readNpy, writeNpy } = require("../dist/src/data/npy.js");
const { readWhole } = require("../dist/src/data/read-whole.js");

const TOLERANCE = 1e-4;
const MOST_ITERATIONS = 300;
const SHAPES = [
  [1e6, 2, 16],
  [2e5, 10, 64],
  [1e5, 50, 16],
  [2e4, 784, 64],
  [1e6, 10, 3],
  [3e5, 32, 256],
];
/** Rows x features x clusters x iterations up to which the JavaScript rivals are asked: they take four minutes each. */
const MOST_WORK_OF_OTHERS = 1e11;

/** Rivals in the order of the table. */
const RIVALS = ["lloyd", "elkan", "ml-kmeans", "skmeans"];

/**
 * @param {{ repeats: number, kinds: string[], shapes?: number[][] }} options
 * @returns rows of the table
 */
export async function benchFit({ repeats, kinds, shapes = SHAPES }) {
  if (!existsSync(join(import.meta.dirname, "node_modules"))) {
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], {
      cwd: import.meta.dirname,
    });
  }
  const { kmeans: mlKMeans } = require("ml-kmeans");
  const skmeans = require("skmeans");
  const folder = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
  const file = (name) => join(folder, name);
  const python = startScikitLearn();
  const results = [];
  try {
    for (const kind of kinds) {
      for (const [n, d, k] of shapes) {
        const { rows, start } = makeRows(n, d, k, kind);
        writeFileSync(file("rows.npy"), writeNpy({ data: rows, shape: [n, d] }));
        writeFileSync(file("start.npy"), writeNpy({ data: start, shape: [k, d] }));
        const { version } = await python.ask({ rows: file("rows.npy"), start: file("start.npy") });
        const seconds = { ours: [], lloyd: [], elkan: [], "ml-kmeans": [], skmeans: [] };
        const timed = (name, run) => {
          const began = performance.now();
          const result = run();
          seconds[name].push((performance.now() - began) / 1000);
          return result;
        };
        const options = { maxIterations: MOST_ITERATIONS, tolerance: TOLERANCE };
        const read = readNpy(readWhole(file("rows.npy")), "rows.npy").data;
        let ours;
        const theirs = {};
        for (let repeat = 0; repeat < repeats; repeat++) {
          ours = timed("ours", () => kMeansFrom(read, d, start, options));
          for (const algorithm of ["lloyd", "elkan"]) {
            const labels = file("labels.npy");
            const task = {
              algorithm,
              threads: 1,
              tolerance: TOLERANCE,
              maxIterations: MOST_ITERATIONS,
              labels,
            };
            theirs[algorithm] = await python.ask(task);
            seconds[algorithm].push(theirs[algorithm].seconds);
          }
          // Neither stops by scikit-learn's rule; both get as many iterations as ours took.
          const { iterations } = ours;
          if (repeat > 0 || n * d * k * iterations > MOST_WORK_OF_OTHERS) continue;
          const wide = toLists(rows, d);
          const wideStart = toLists(start, d);
          timed("ml-kmeans", () =>
            mlKMeans(wide, k, { initialization: wideStart, maxIterations: iterations, tolerance: 0 }),
          );
          timed("skmeans", () => skmeans(wide, k, wideStart, iterations));
        }
        const labels = readNpy(readFileSync(file("labels.npy")), "labels").data;
        // Whoever gives several clusters that lost their rows new ones may number them in another order.
        const agreement = fk.adjustedRandIndex(Array.from(ours.labels), Array.from(labels, Number));
        results.push({
          kind,
          n,
          d,
          k,
          version,
          iterations: ours.iterations,
          theirIterations: theirs.lloyd.iterations,
          agreement,
          inertiaRatio: ours.inertia / theirs.lloyd.inertia,
          seconds: Object.fromEntries(
            Object.entries(seconds).map(([name, values]) => [
              name,
              values.length > 0 ? median(values) : null,
            ]),
          ),
        });
        console.error(describe(results.at(-1)));
      }
    }
  } finally {
    python.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

/** Times as long as ours, as Markdown. */
export function fitTable(results) {
  const times = (other, ours) => (other === null ? "-" : (other / ours).toFixed(1));
  const lines = [
    "| rows | features | clusters | data | scikit-learn `lloyd` | `elkan` | ml-kmeans | skmeans | ours |",
    "| ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |",
  ];
  for (const { n, d, k, kind, iterations, seconds: s } of results) {
    const cells = [
      n,
      d,
      k,
      `${kind}, ${iterations} iterations`,
      ...RIVALS.map((name) => times(s[name], s.ours)),
    ];
    lines.push(`| ${[...cells, `${(s.ours * 1000).toFixed(0)} ms`].join(" | ")} |`);
  }
  return `${lines.join("\n")}\n\nOne thread each, from rows in memory as its own reader leaves them; scikit-learn ${results[0].version}.`;
}

function describe({ kind, n, d, k, iterations, theirIterations, agreement, inertiaRatio, seconds }) {
  const ratio = (name) =>
    seconds[name] === null ? "" : `${name} x${(seconds[name] / seconds.ours).toFixed(2)} `;
  return (
    `${kind} (${n}, ${d}, ${k}): ${RIVALS.map(ratio).join("")}` +
    `ours ${(seconds.ours * 1000).toFixed(0)} ms, ${iterations}/${theirIterations} iterations, ` +
    `adjusted Rand index ${agreement.toFixed(6)}, inertia ${inertiaRatio.toFixed(9)} times theirs`
  );
}

function toLists(data, d) {
  return Array.from({ length: data.length / d }, (_, i) => Array.from(data.subarray(i * d, (i + 1) * d)));
}
