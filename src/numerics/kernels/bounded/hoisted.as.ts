/** Below FIRST_ADDRESS, where nothing is laid out; each thread that works in a memory has its own. */
const SLOTS: usize = 16;
let slot: usize = SLOTS;

/** @param member which of the threads that work in this memory this is, from 0 to MOST_THREADS of row-helpers.ts */
export function joinAs(member: i32): void {
  slot = SLOTS + ((<usize>member) << 4);
}

/**
 * The same value, out of memory. V8 computes anew, within a loop and each time, whatever it could have computed before
 * the loop and kept: constants, splats, conversions. What it has loaded, it keeps.
 */
export function hoisted(x: v128): v128 {
  v128.store(slot, x);
  return v128.load(slot);
}
