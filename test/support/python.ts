import { spawnSync } from "node:child_process";

export const PYTHON: string = process.env.PYTHON ?? "/usr/bin/python3";

/**
 * Runs a Python script and gives back what it printed.
 *
 * @param script the program's text
 * @param args its sys.argv[1:]
 * @param input its standard input
 * @throws Error with Python's traceback
 */
export function runPython(script: string, args: readonly string[] = [], input = ""): string {
  const { status, stdout, stderr, error } = spawnSync(PYTHON, ["-c", script, ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${PYTHON} ended with ${status}: ${stderr}`);
  return stdout;
}

/**
 * Asks a Python script that reads JSON from its standard input and prints JSON. A number keeps its bits.
 *
 * @param script the program's text; `cases` is what was asked, `answer(value)` prints
 * @param cases anything that JSON can hold; typed arrays become lists
 * @returns what it answered
 */
export function askPython<T>(script: string, cases: unknown): T {
  const asLists = (_: string, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as never) : value;
  return JSON.parse(runPython(PREAMBLE + script, [], JSON.stringify(cases, asLists))) as T;
}

/** One thread, as small problems are quickest; NumPy's arrays and scalars print as lists and numbers. */
const PREAMBLE = `
import os
for name in ("OMP", "OPENBLAS"): os.environ[name + "_NUM_THREADS"] = "1"
import json, sys, warnings, numpy as np
warnings.simplefilter("ignore")
cases = json.load(sys.stdin)
def answer(value): print(json.dumps(value, default=lambda x: x.tolist()))
`;

function hasPython(): boolean {
  try {
    // Looks without importing, which would cost a second in every test file.
    runPython("from importlib.util import find_spec as f; assert f('numpy') and f('sklearn')");
    return true;
  } catch {
    return false;
  }
}

/** For a test's `skip`: false, or why tests against NumPy and scikit-learn cannot run here. */
export const skipWithoutPython: string | false = hasPython()
  ? false
  : "python3-numpy and python3-sklearn are not installed";
