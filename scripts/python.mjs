import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptInstall, ROOT } from "./setup.mjs";

/* Python with packages of PyPI, in virtual environments of the project's own. */

/** The Python that is the base of every environment. */
export const PYTHON = process.env.PYTHON ?? "/usr/bin/python3";
const CACHE = join(ROOT, "node_modules", ".cache", "python");

/**
 * Makes a virtual environment with packages of PyPI, or finds the one made before. Delete its folder,
 * node_modules/.cache/python/NAME, to have newer packages.
 *
 * @param {string} name of the environment: a folder's name
 * @param {string[]} packages what pip installs, with versions if those matter: "scikit-learn", "pandas==2.3.3"
 * @returns {string | null} path of its Python; null, after one line that says why, where it cannot be made
 */
export function pythonEnvironment(name, packages) {
  const folder = join(CACHE, name);
  const python = join(folder, "bin", "python3");
  const made = join(folder, "fedkmeans.json");
  const wanted = JSON.stringify({ base: versionOf(PYTHON), packages });
  if (existsSync(made) && readFileSync(made, "utf8") === wanted && versionOf(python) !== null) return python;

  console.log(`Installing ${packages.join(", ")} (pip) into ${folder} ...`);
  // Without pip: ensurepip is not there, and Debian has both in one package.
  const hasVenv = () => runs(PYTHON, ["-c", "import ensurepip, venv"]);
  if (!hasVenv()) aptInstall(["python3-venv"]);
  rmSync(folder, { recursive: true, force: true });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"];
  const error = hasVenv()
    ? (failure(PYTHON, ["-m", "venv", folder]) ??
      failure(python, [...pip, "--only-binary", ":all:", ...packages]))
    : `${PYTHON} has no venv and pip, which Debian has in python3-venv`;
  if (error !== null) {
    rmSync(folder, { recursive: true, force: true });
    console.log(`Without ${packages.join(", ")} what needs them is skipped: ${error}`);
    return null;
  }
  writeFileSync(made, wanted);
  return python;
}

function versionOf(python) {
  const { status, stdout } = spawnSync(python, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

function runs(python, args) {
  return spawnSync(python, args, { stdio: "ignore" }).status === 0;
}

/** Null if it ends well, else the last line of what it says, which is where pip names the error. */
function failure(command, args) {
  const { status, stderr, stdout, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return null;
  if (error !== undefined) return error.message;
  return `${stderr}${stdout}`.trim().split("\n").at(-1) || `${command} ended with ${status}`;
}
