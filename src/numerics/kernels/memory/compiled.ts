import { readFileSync } from "node:fs";
import { join } from "node:path";

/*
 * The compiled kernels, which lie beside this file: the one place of numerics that knows a host. A bundle for a browser
 * leaves it out (the field `browser` in package.json) and calls `loadKernels` instead.
 */

/** Of kernels that work in a memory of one thread, or in one that several threads share. */
export function readCompiledKernels(isShared: boolean): Uint8Array {
  return readFileSync(join(__dirname, isShared ? "kernels-shared.wasm" : "kernels.wasm"));
}
