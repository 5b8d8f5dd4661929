import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A Python process that fits scikit-learn's KMeans on request. */
export function startScikitLearn() {
  const env = { ...process.env };
  // Where they are set, they keep NumPy from the kernels of this processor.
  delete env.OPENBLAS_CORETYPE;
  delete env.OPENBLAS_L2_SIZE;
  const python = spawn(process.env.PYTHON ?? "/usr/bin/python3", [join(import.meta.dirname, "rival.py")], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
  return {
    async ask(task) {
      python.stdin.write(`${JSON.stringify(task)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("Python ended");
      return JSON.parse(value);
    },
    stop: () => python.stdin.end(),
  };
}
