import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RIVALS, startRivals, versionsText } from "./rivals.mjs";
import { makeRows, median } from "./rows.mjs";

/*
 * Fit to convergence against other libraries: same rows, same start, one thread each, rivals alternating in one run,
 * medians. From rows in memory, as each one's own reader leaves them, to labels, means and inertia. scikit-learn and
 * intelex stop by the same rule as ours; the others, which have none or another one, get as many iterations.
 */

const require = createRequire(import.meta.url);
const fk = require("../dist/index.js");
const { kMeansFrom } = require("../dist/numerics/k-means.js");
const { readNpy, writeNpy } = require("../dist/directory/npy.js");
const { readWhole } = require("../dist/data/formats/read-whole.js");

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
const JAVASCRIPT = ["ml-kmeans", "skmeans"];

/**
 * @param {{ repeats: number, kinds: string[], shapes?: number[][] }} options
 * @returns the table, as Markdown
 */
export async function benchFit({ repeats, kinds, shapes = SHAPES }) {
  installJavaScriptRivals();
  const folder = mkdtempSync(join(tmpdir(), "fedkmeans-bench-"));
  const python = startRivals(1);
  const results = [];
  let versions;
  try {
    for (const kind of kinds) {
      for (const shape of shapes) {
        const result = await benchShape(python, folder, shape, kind, repeats);
        versions = result.versions;
        console.error(describe(result));
        results.push(result);
      }
    }
  } finally {
    python.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return `${table(results)}\n\nOne thread each, from rows in memory as its own reader leaves them; float64 but where said. ${versionsText(versions)}.`;
}

async function benchShape(python, folder, [n, d, k], kind, repeats) {
  const file = (name) => join(folder, name);
  const { rows, start } = makeRows(n, d, k, kind);
  writeFileSync(file("rows.npy"), writeNpy({ data: rows, shape: [n, d] }));
  writeFileSync(file("start.npy"), writeNpy({ data: start, shape: [k, d] }));
  const versions = await python.ask({ rows: file("rows.npy"), start: file("start.npy") });
  const read = readNpy(readWhole(file("rows.npy")), "rows.npy").data;
  const seconds = { ours: [] };
  const theirs = {};
  const fits = RIVALS.map(({ fits }) => fits);
  let ours;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const began = performance.now();
    ours = kMeansFrom(read, d, start, { maxIterations: MOST_ITERATIONS, tolerance: TOLERANCE });
    seconds.ours.push((performance.now() - began) / 1000);
    for (const [r, { name, single }] of RIVALS.entries()) {
      const answers = [];
      for (const fit of fits[r]) {
        const stops = fit === "lloyd" || fit === "elkan" || fit === "intelex";
        const iterations = stops ? MOST_ITERATIONS : ours.iterations;
        const task = { fit, single, iterations, tolerance: TOLERANCE, labels: file(`${r} ${fit}.npy`) };
        answers.push({ fit, ...(await python.ask(task)) });
      }
      const best = answers.reduce((a, b) => (a.seconds <= b.seconds ? a : b));
      // The first repeat decides which of a library's ways is the one to compare with.
      fits[r] = [best.fit];
      theirs[name] = best;
      (seconds[name] ??= []).push(best.seconds);
    }
    if (repeat === 0 && n * d * k * ours.iterations <= MOST_WORK_OF_OTHERS) {
      Object.assign(seconds, timeJavaScript(rows, start, d, k, ours.iterations));
    }
  }
  const labels = readNpy(readFileSync(file(`0 ${fits[0][0]}.npy`)), "labels").data;
  return {
    ...{ kind, n, d, k, versions, theirs, ours },
    // Whoever gives several clusters that lost their rows new ones may number them in another order.
    agreement: fk.adjustedRandIndex(Array.from(ours.labels), Array.from(labels, Number)),
    seconds: Object.fromEntries(Object.entries(seconds).map(([name, values]) => [name, median(values)])),
  };
}

export function installJavaScriptRivals() {
  const { dependencies } = require("./package.json");
  const names = Object.keys(dependencies);
  if (names.every((name) => existsSync(join(import.meta.dirname, "node_modules", name)))) return;
  console.log(`Installing ${names.join(", ")} (npm) into bench/node_modules ...`);
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], {
    cwd: import.meta.dirname,
  });
}

function timeJavaScript(rows, start, d, k, iterations) {
  const { kmeans: mlKMeans } = require("ml-kmeans");
  const skmeans = require("skmeans");
  const wide = toLists(rows, d);
  const wideStart = toLists(start, d);
  const timed = (run) => {
    const began = performance.now();
    run();
    return [(performance.now() - began) / 1000];
  };
  return {
    "ml-kmeans": timed(() =>
      mlKMeans(wide, k, { initialization: wideStart, maxIterations: iterations, tolerance: 0 }),
    ),
    skmeans: timed(() => skmeans(wide, k, wideStart, iterations)),
  };
}

/** Times as long as ours, as Markdown. */
function table(results) {
  const names = [...RIVALS.map(({ name }) => name), ...JAVASCRIPT];
  const lines = [
    `| rows | features | clusters | data | ${names.join(" | ")} | ours |`,
    `| ---: | ---: | ---: | --- | ${names.map(() => "---:").join(" | ")} | ---: |`,
  ];
  for (const { n, d, k, kind, ours, seconds } of results) {
    const times = names.map((name) => (seconds[name] ? (seconds[name] / seconds.ours).toFixed(1) : "-"));
    const cells = [n, d, k, `${kind}, ${ours.iterations} iterations`, ...times];
    lines.push(`| ${[...cells, `${(seconds.ours * 1000).toFixed(0)} ms`].join(" | ")} |`);
  }
  return lines.join("\n");
}

function describe({ kind, n, d, k, ours, theirs, agreement, seconds }) {
  const rivals = Object.entries(theirs).map(
    ([name, { fit, inertia, iterations }]) =>
      `${name} (${fit}) x${(seconds[name] / seconds.ours).toFixed(2)}, ${iterations} iterations, ` +
      `inertia ${(inertia / ours.inertia).toFixed(9)} times ours; `,
  );
  return (
    `${kind} (${n}, ${d}, ${k}): ours ${(seconds.ours * 1000).toFixed(0)} ms, ${ours.iterations} iterations; ` +
    `${rivals.join("")}adjusted Rand index with scikit-learn ${agreement.toFixed(6)}`
  );
}

function toLists(data, d) {
  return Array.from({ length: data.length / d }, (_, i) => Array.from(data.subarray(i * d, (i + 1) * d)));
}
