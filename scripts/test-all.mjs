import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { BLAS_KERNELS, whyNotKernel } from "./blas-kernels.mjs";
import { BEFORE_1_35, CURRENT, setUpFlower } from "./flower.mjs";
import { setUpJupyterLab } from "./jupyterlab.mjs";
import { setUpLinters } from "./linters.mjs";
import { testOnNodes } from "./nodes.mjs";
import { prepareTests } from "./prepare-tests.mjs";
import { pythonEnvironment } from "./python.mjs";
import { runStep, skipStep, summarizeSteps } from "./run-tests.mjs";
import { FLOWER, isApart, RELEASE, testFiles, usesNumpy, waitsForTime } from "./test-files.mjs";

/*
 * What the tests should hold under and `npm test` has no time for: other BLAS kernels, the newest NumPy and
 * scikit-learn, one processor, processors that are busy, more random cases, what is released, Flower,
 * other versions of Node. Arguments narrow the tests down by part of their path.
 */

prepareTests();
const parts = process.argv.slice(2);
const wanted = testFiles(parts);
const files = wanted.filter((file) => !isApart(file));

const numerical = files.filter(usesNumpy);
for (const kernel of BLAS_KERNELS) {
  const title = `OpenBLAS kernel ${kernel}`;
  const reason = whyNotKernel(kernel);
  if (reason === null) await runStep(title, numerical, { env: { OPENBLAS_CORETYPE: kernel } });
  else skipStep(title, reason);
}

const newest = pythonEnvironment("newest", ["numpy", "scipy", "scikit-learn", "pandas"]);
if (newest === null) skipStep("the newest NumPy and scikit-learn", "they could not be installed");
else {
  // Jupyter is not there.
  const withoutJupyter = numerical.filter((file) => !file.includes("jupyter"));
  await runStep("the newest NumPy and scikit-learn", withoutJupyter, { env: { PYTHON: newest } });
}

const accounts = files.filter((file) => file.includes("privacy/discrete-account"));
const accountant = pythonEnvironment("accountant", ["dp-accounting==0.6.0"]);
if (accountant === null) skipStep("Google's accountant of differential privacy", "it could not be installed");
else await runStep("Google's accountant of differential privacy", accounts, { env: { PYTHON: accountant } });

const timed = files.filter(waitsForTime);
if (spawnSync("taskset", ["--version"]).status !== 0) skipStep("one processor", "there is no taskset");
else {
  const [first] = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8")).slice(1);
  await runStep("one processor", timed, { before: ["taskset", "-c", first], concurrency: 1 });
}

const loops = Array.from({ length: Math.max(2, availableParallelism()) }, () =>
  spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
);
const stopLoops = () => {
  for (const loop of loops) loop.kill("SIGKILL");
};
process.on("exit", stopLoops);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
await runStep(`beside ${loops.length} busy loops`, timed);
stopLoops();

// Other cases than those of `npm test`, and the same each time.
const fuzz = { FUZZ_FACTOR: process.env.FUZZ_FACTOR ?? "20", FUZZ_SEED: process.env.FUZZ_SEED ?? "2" };
const random = files.filter((file) => file.includes("test/fuzz/"));
await runStep(`${fuzz.FUZZ_FACTOR} times as many random cases`, random, { env: fuzz });

/** The tests of a folder that a step of its own is for. */
const apart = (folder) => testFiles([folder]).filter((file) => parts.length === 0 || wanted.includes(file));
const linters = setUpLinters();
const jupyterLab = setUpJupyterLab();
const crates = pythonEnvironment("rocrate", ["roc-validator==0.13.0", "rocrate==0.16.0"]);
await runStep("what is released", apart(RELEASE), {
  concurrency: 1,
  env: {
    ...(linters === null ? {} : { LINTERS: linters }),
    ...(jupyterLab === null ? {} : { JUPYTERLAB: jupyterLab }),
    ...(crates === null ? {} : { ROCRATE: crates }),
  },
});

const flower = apart(FLOWER);
if (flower.length === 0) skipStep("Flower", "there are no such tests");
else if (![CURRENT, BEFORE_1_35].map(setUpFlower).includes(true))
  skipStep("Flower", "it could not be installed");
else await runStep(`Flower ${CURRENT} and ${BEFORE_1_35}`, flower, { concurrency: 1 });

await testOnNodes(files);
summarizeSteps();
