import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { CLI, ROOT, setUp, setUpPython } from "./setup.mjs";

/*
 * Lint, format and type checks, then every test; arguments narrow the tests down by part of their path. With --fuzz
 * only the tests of random cases, many times as many and from another seed each time.
 */

setUp();
setUpPython(["python3-numpy", "python3-sklearn"], "numpy, sklearn");
setUpPython(["jupyter-client", "jupyter-nbconvert"], "jupyter_client, nbclient, nbconvert");

// Kernels of the tests' own, so that those of whoever runs them are left alone; tslab is installed with them.
process.env.JUPYTER_DATA_DIR = join(ROOT, "node_modules", ".cache", "jupyter");
if (
  spawnSync(process.execPath, [CLI, "kernel", "install"], { stdio: ["ignore", "ignore", "inherit"] })
    .status !== 0
) {
  console.log("Without tslab the tests of its kernel are skipped.");
}

const bin = (name) => join(ROOT, "node_modules", ".bin", name);
const step = (command, args) => {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

step(bin("biome"), ["check", "--error-on-warnings", "."]);
const isFuzz = process.argv.includes("--fuzz");
const wanted = isFuzz ? ["test/fuzz/"] : process.argv.slice(2);
if (isFuzz) {
  process.env.FUZZ_FACTOR ??= "100";
  process.env.FUZZ_SEED ??= String(Date.now() % 2 ** 31);
  console.log(`Fuzzing with FUZZ_SEED=${process.env.FUZZ_SEED} FUZZ_FACTOR=${process.env.FUZZ_FACTOR} ...`);
}
const files = [".", "viz"].flatMap((folder) =>
  readdirSync(join(ROOT, folder, "test"), { recursive: true })
    .map((file) => join(folder, "test", file))
    .filter((file) => file.endsWith(".test.ts"))
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
    .map((file) => join(folder, "dist", relative(folder, file).replace(/\.ts$/, ".js"))),
);
step(process.execPath, ["--test", ...files.sort()]);
