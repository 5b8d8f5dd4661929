import { createCanvas } from "canvas";

/** Pixels on each side of a block just under 32 MB, the largest that counts. */
const SIDE = 2828;

let kept = false;

/**
 * Has the process keep the memory of pictures it is done with. The C library of Linux returns large blocks to the
 * system, and to get the pages of the next picture from it anew takes longer than to copy the picture. What counts
 * as large grows with the largest block that was ever freed: one is, untouched.
 *
 * @see malloc(3) and mallopt(3), M_MMAP_THRESHOLD
 */
export function keepMemory(): void {
  if (kept) return;
  const block = createCanvas(SIDE, SIDE);
  block.getContext("2d");
  block.width = 1;
  kept = true;
}
