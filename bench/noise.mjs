import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pythonEnvironment } from "../scripts/python.mjs";
import { makeRows, median } from "./rows.mjs";

/*
 * What exact noise costs: draws of the discrete Gaussian against OpenDP's, which is exact too (Rust, the same paper),
 * and NumPy's, which is not and would give away what it is added to; and a question of differential privacy as a whole.
 */

const require = createRequire(import.meta.url);
const { systemWords } = require("../dist/federation/client/random-words.js");
const { discreteGaussian } = require("../dist/privacy/discrete-gaussian.js");
const { noisySums } = require("../dist/privacy/noisy-sums.js");

/** Of counts and sums of usual runs: epsilon 8 to 0.1. */
const SIGMAS = [4e6, 4e7, 2e8];
const DRAWS = 20_000;

const QUESTIONS = [
  { n: 342, d: 4, k: 9 },
  { n: 20_000, d: 5, k: 20 },
  { n: 100_000, d: 10, k: 64 },
];

/** @returns {Promise<string | undefined>} two tables; nothing where OpenDP cannot be had */
export async function benchNoise({ repeats }) {
  const python = pythonEnvironment("bench-noise", ["opendp", "numpy"]);
  if (python === null) return undefined;
  const child = spawn(python, [join(import.meta.dirname, "noise.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async (task) => {
    child.stdin.write(`${JSON.stringify(task)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error("Python ended");
    return JSON.parse(value);
  };
  const words = systemWords();
  const drawing = (sigma) => {
    const start = performance.now();
    for (let i = 0; i < DRAWS; i++) discreteGaussian(sigma, words);
    return (performance.now() - start) / 1000;
  };
  let versions;
  const rows = [];
  for (const sigma of SIGMAS) {
    const seconds = { ours: [], OpenDP: [], NumPy: [] };
    // The first of each does not count.
    for (let i = 0; i <= repeats; i++) {
      const ours = drawing(sigma);
      const theirs = await ask({ sigma, draws: DRAWS });
      versions = theirs.versions;
      if (i === 0) continue;
      seconds.ours.push(ours);
      for (const name of ["OpenDP", "NumPy"]) seconds[name].push(theirs[name]);
    }
    const [ours, openDp, numpy] = ["ours", "OpenDP", "NumPy"].map((name) => median(seconds[name]));
    rows.push(
      `| ${sigma.toExponential(0)} | ${(openDp / ours).toFixed(1)} | ${(numpy / ours).toFixed(3)} | ${(DRAWS / ours / 1e6).toFixed(1)} million |`,
    );
  }
  child.stdin.end();

  const questions = QUESTIONS.map(({ n, d, k }) => {
    const { all, draws } = timeQuestion(n, d, k, Math.max(21, repeats), words);
    return `| ${n} | ${d} | ${k} | ${k * (d + 1) + 1} | ${(draws * 1e6).toFixed(0)} µs | ${(all * 1000).toFixed(2)} ms |`;
  });
  return `| sigma, in steps | OpenDP, exact | NumPy, floating-point | ours, draws a second |
| --: | --: | --: | --: |
${rows.join("\n")}

Times as long as ours a draw, one thread; ${Object.entries(versions)
    .map((pair) => pair.join(" "))
    .join(", ")}.

| rows | features | cells | draws | their time | the question's |
| --: | --: | --: | --: | --: | --: |
${questions.join("\n")}`;
}

function timeQuestion(n, d, k, repeats, words) {
  const { rows, start } = makeRows(n, d, k, "blobs");
  const scale = 1 / rows.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const inBox = { data: rows.map((x) => x * scale), nRows: n, nColumns: d };
  const question = {
    centres: { data: start.map((x) => x * scale), nRows: k, nColumns: d },
    radii: new Float64Array(k).fill(0.4),
    mu2: 0.007,
    shareCount: 0.25,
    shareSpread: 0.1,
  };
  const none = { data: new Float64Array(), nRows: 0, nColumns: d };
  const time = (some) => {
    const begun = performance.now();
    noisySums(some, question, words);
    return (performance.now() - begun) / 1000;
  };
  const [all, draws] = [inBox, none].map((some) => Array.from({ length: repeats + 1 }, () => time(some)));
  return { all: median(all.slice(1)), draws: median(draws.slice(1)) };
}
