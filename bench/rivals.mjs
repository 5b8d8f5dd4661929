import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pythonEnvironment } from "../scripts/python.mjs";

/** What is compared with: each library's fits, of which the quickest counts, and whether they are in float32. */
export const RIVALS = [
  { name: "scikit-learn", fits: ["lloyd", "elkan"], single: false },
  { name: "intelex", fits: ["intelex"], single: false },
  {
    name: "mlpack",
    fits: ["mlpack naive", "mlpack elkan", "mlpack hamerly", "mlpack pelleg-moore"],
    single: false,
  },
  { name: "faiss, float32", fits: ["faiss"], single: true },
  { name: "intelex, float32", fits: ["intelex"], single: true },
];

/**
 * A Python process that fits k-means of other libraries on request; they are installed first.
 *
 * @param {number} threads each fit may use
 */
export function startRivals(threads) {
  const packages = ["scikit-learn", "scikit-learn-intelex", "faiss-cpu", "mlpack"];
  const python = pythonEnvironment("bench-fit", packages);
  if (python === null) throw new Error(`the bench compares with ${packages.join(", ")}`);
  const env = { ...process.env, OMP_NUM_THREADS: String(threads) };
  // Where they are set, they keep NumPy from the kernels of this processor.
  delete env.OPENBLAS_CORETYPE;
  delete env.OPENBLAS_L2_SIZE;
  const child = spawn(python, [join(import.meta.dirname, "rivals.py"), String(threads)], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async ask(task) {
      child.stdin.write(`${JSON.stringify(task)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("Python ended");
      return JSON.parse(value);
    },
    stop: () => child.stdin.end(),
  };
}

/** Their versions, in words. */
export function versionsText(versions) {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}
