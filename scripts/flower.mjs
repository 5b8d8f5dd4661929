import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { PYTHON, pythonEnvironment } from "./python.mjs";

/*
 * Flower in virtual environments of the project's own: `node scripts/flower.mjs` makes those that are missing and prints
 * where their programs are.
 */

/** The version whose commands the documentation shows first, with Flower's simulation engine. */
export const CURRENT = "1.42.0";
/** The last version that takes the options and has the ports of those before 1.35. */
export const BEFORE_1_35 = "1.34.0";

/**
 * Makes a virtual environment with one version of Flower, or finds the one made before.
 *
 * @param {string} version
 * @returns {boolean} whether it is there: else one line has said why
 */
export function setUpFlower(version) {
  const { stdout } = spawnSync(PYTHON, ["-c", "import sys; print(*sys.version_info[:2], sep='.')"], {
    encoding: "utf8",
  });
  const found = (stdout ?? "").trim();
  if (found !== "" && !(found.startsWith("3.") && Number(found.slice(2)) >= 11)) {
    console.log(`Flower ${version} needs Python 3.11 or later, found ${found}: PYTHON=PATH names another.`);
    return false;
  }
  const extras = version === CURRENT ? "[simulation]" : "";
  return pythonEnvironment(`flower-${version}`, [`flwr${extras}==${version}`]) !== null;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const made = [CURRENT, BEFORE_1_35].map(setUpFlower);
  process.exitCode = made.every(Boolean) ? 0 : 1;
}
