import { sharedKernels } from "../memory/instance.js";

/** Rows to which distances are computed at a time, and features of them: they stay in the processor's second cache. */
const BATCH_ROWS = 64;
const BATCH_FEATURES = 256;
/** The kernel takes eight rows at a time; columns a multiple of 4096 bytes apart would be in one another's way. */
const STRIDE = BATCH_ROWS + 8;

/**
 * The squared distances of n rows to some of many: that of row `i` to the one at `start + j` is at `i * stride + j`.
 */
export interface DistanceBatch {
  readonly start: number;
  readonly size: number;
  readonly squares: Float64Array;
  readonly stride: number;
}

/**
 * Squared distances of some rows to many others, batch by batch in their order: to the bit those of plain loops.
 * Cost n * N * d; memory 72 * n.
 *
 * @param rows (n, d) row-major
 * @param all (N, d) row-major
 * @param onBatch takes what is good until the next, and its to change; must not use the kernels itself
 */
export function forEachDistanceBatch(
  rows: Float64Array,
  all: Float64Array,
  d: number,
  onBatch: (batch: DistanceBatch) => void,
): void {
  const n = rows.length / d;
  const nAll = all.length / d;
  const memory = sharedKernels();
  const { kernels } = memory;
  const width = Math.min(d, BATCH_FEATURES);
  const at = memory.layOut({
    // `transpose` reads past the last row.
    batch: (BATCH_ROWS + 1) * width * 8,
    columns: width * STRIDE * 8,
    row: width * 8,
    squares: n * STRIDE * 8,
  });
  const { buffer } = memory;
  const batch = new Float64Array(buffer, at.batch, BATCH_ROWS * width);
  const row = new Float64Array(buffer, at.row, width);
  const squares = new Float64Array(buffer, at.squares, n * STRIDE);
  for (let start = 0; start < nAll; start += BATCH_ROWS) {
    const size = Math.min(nAll, start + BATCH_ROWS) - start;
    squares.fill(0);
    for (let first = 0; first < d; first += width) {
      const w = Math.min(d, first + width) - first;
      if (w === d) batch.set(all.subarray(start * d, (start + size) * d));
      else for (let j = 0; j < size; j++) copyFeatures(all, (start + j) * d + first, w, batch, j * w);
      kernels.transpose(at.batch, size, w, at.columns, STRIDE);
      for (let i = 0; i < n; i++) {
        copyFeatures(rows, i * d + first, w, row, 0);
        kernels.addSquaredDistances(at.row, at.columns, STRIDE, size, w, at.squares + i * STRIDE * 8);
      }
    }
    onBatch({ start, size, squares, stride: STRIDE });
  }
}

function copyFeatures(rows: Float64Array, from: number, w: number, into: Float64Array, at: number): void {
  for (let f = 0; f < w; f++) into[at + f] = rows[from + f];
}
