import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

/* The kernels, twice: for a memory of one thread, and for one that several threads share. */

const SOURCE = join(ROOT, "src/numerics/kernels/index.as.ts");
const TARGET = join(ROOT, "dist/numerics/kernels/memory");
// 112: vectors as parameters of what one file exports to another. None leaves the module, which is what it warns of.
const OPTIONS =
  "-O3 --enable simd --importMemory --runtime stub --noAssert --use abort= --disableWarning 112";
const SHARED = "--enable threads --sharedMemory --maximumMemory 65536";

for (const [file, more] of [
  ["kernels.wasm", []],
  ["kernels-shared.wasm", SHARED.split(" ")],
]) {
  const args = [SOURCE, "-o", join(TARGET, file), ...OPTIONS.split(" "), ...more];
  const { status } = spawnSync(join(ROOT, "node_modules", ".bin", "asc"), args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
