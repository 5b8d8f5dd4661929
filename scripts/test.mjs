import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { prepareTests } from "./prepare-tests.mjs";
import { ROOT } from "./setup.mjs";
import { compiled, testFiles } from "./test-files.mjs";

/*
 * Lint, format and type checks, then every test; arguments narrow the tests down by part of their path. With --fuzz
 * only the tests of random cases, many times as many and from another seed each time.
 */

prepareTests();

const step = (command, args) => {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

step(join(ROOT, "node_modules", ".bin", "biome"), ["check", "--error-on-warnings", "."]);
const isFuzz = process.argv.includes("--fuzz");
if (isFuzz) {
  process.env.FUZZ_FACTOR ??= "100";
  process.env.FUZZ_SEED ??= String(Date.now() % 2 ** 31);
  console.log(`Fuzzing with FUZZ_SEED=${process.env.FUZZ_SEED} FUZZ_FACTOR=${process.env.FUZZ_FACTOR} ...`);
}
const files = testFiles(isFuzz ? ["test/fuzz/"] : process.argv.slice(2));
step(process.execPath, ["--test", `--test-concurrency=${availableParallelism()}`, ...files.map(compiled)]);
