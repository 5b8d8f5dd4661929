import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CLI, ROOT, setUp, setUpPython, setUpTests } from "./setup.mjs";

/** Installs and builds what the tests need and what they compare with, and says so. */
export function prepareTests() {
  setUp();
  setUpTests();
  setUpPython(["python3-numpy", "python3-sklearn"], "numpy, sklearn");
  setUpPython(["jupyter-client", "jupyter-nbconvert"], "jupyter_client, nbclient, nbconvert");
  Object.assign(process.env, jupyterKernels(process.execPath, "jupyter"));
}

/**
 * Installs Jupyter kernels of the tests' own, so that those of whoever runs them are left alone; tslab with them.
 *
 * @param {string} node the Node that they start
 * @param {string} name of their folder
 * @returns {object} environment in which they are found
 */
export function jupyterKernels(node, name) {
  const env = { JUPYTER_DATA_DIR: join(ROOT, "node_modules", ".cache", name) };
  const { status } = spawnSync(node, [CLI, "kernel", "install"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...env },
  });
  if (status !== 0) console.log("Without tslab the tests of its kernel are skipped.");
  return env;
}
