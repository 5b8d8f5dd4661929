import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { RunError } from "../errors.js";
import { jupyterDataDir } from "./data-dir.js";
import { findPython } from "./python.js";

/**
 * The data folder of the Python that Jupyter runs on, e.g. of a virtual environment: kernels there are of that one
 * only.
 *
 * @throws RunError if there is no Python
 */
export function sysPrefixDataDir(): string {
  const python = findPython(["sys"]);
  const { stdout, status } = spawnSync(python, ["-c", "import sys; print(sys.prefix)"], { encoding: "utf8" });
  if (status !== 0) throw new RunError(`${python} does not say where it is installed`);
  return join(stdout.trim(), "share", "jupyter");
}

/** The folders in which Jupyter may find kernels, as far as they are known without Python. */
export function knownDataDirs(env: NodeJS.ProcessEnv = process.env): string[] {
  const prefixes = [env.VIRTUAL_ENV, env.CONDA_PREFIX].filter((prefix) => prefix !== undefined);
  return [
    ...(env.JUPYTER_PATH ?? "").split(delimiter).filter((path) => path !== ""),
    jupyterDataDir(env),
    ...prefixes.map((prefix) => join(prefix, "share", "jupyter")),
    "/usr/local/share/jupyter",
    "/usr/share/jupyter",
  ];
}
