/** Below the first address that is anybody's: see `--memoryBase` in package.json. */
const SLOT: usize = memory.data(16, 16);

/**
 * The same value, out of memory. V8 computes anew, within a loop and each time, whatever it could have computed before
 * the loop and kept: constants, splats, conversions. What it has loaded, it keeps.
 */
export function pinned(x: v128): v128 {
  v128.store(SLOT, x);
  return v128.load(SLOT);
}
