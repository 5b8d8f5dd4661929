import { spawnSync } from "node:child_process";

const PYTHON: string = process.env.PYTHON ?? "/usr/bin/python3";

/**
 * Runs a Python script and gives back what it printed.
 *
 * @param args its sys.argv[1:]
 * @throws Error with Python's traceback
 */
export function runPython(script: string, args: readonly string[] = []): string {
  const { status, stdout, stderr, error } = spawnSync(PYTHON, ["-c", script, ...args], { encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${PYTHON} ended with ${status}: ${stderr}`);
  return stdout;
}

function has(module: string): boolean {
  try {
    // Importing scikit-learn would take seconds.
    runPython(`import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`);
    return true;
  } catch {
    return false;
  }
}

/** For a test's `skip`: false, or why tests against NumPy cannot run here. */
export const skipWithoutNumpy: string | false = has("numpy") ? false : "python3-numpy is not installed";

/** Likewise of scikit-learn. */
export const skipWithoutSklearn: string | false = has("sklearn") ? false : "python3-sklearn is not installed";
