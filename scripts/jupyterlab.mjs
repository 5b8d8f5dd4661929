import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { pythonEnvironment } from "./python.mjs";

/*
 * JupyterLab and Notebook in a virtual environment of the project's own: `node scripts/jupyterlab.mjs` makes it if it is
 * missing and prints where their programs are.
 */

/**
 * Makes a virtual environment with the newest JupyterLab 4 and Notebook 7, or finds the one made before.
 *
 * @returns {string | null} the folder of its programs; null, after one line that says why, without them
 */
export function setUpJupyterLab() {
  const python = pythonEnvironment("jupyterlab", ["jupyterlab>=4,<5", "notebook>=7,<8"]);
  return python === null ? null : dirname(python);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const programs = setUpJupyterLab();
  if (programs === null) process.exitCode = 1;
  else console.log(programs);
}
