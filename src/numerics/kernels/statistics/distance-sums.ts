import type { ClusteredRows } from "../../clustered-rows.js";
import { sharedKernels } from "../memory/instance.js";

/** Rows to which distances are computed at a time, and features of them: they stay in the processor's second cache. */
const BATCH_ROWS = 64;
const BATCH_FEATURES = 256;
/** The kernel takes eight rows at a time; columns a multiple of 4096 bytes apart would be in one another's way. */
const STRIDE = BATCH_ROWS + 8;

/**
 * Sums of the distances of some rows to all rows of each cluster, in the order of the rows: to the bit those of plain
 * loops. Cost n * N * d; memory n * (k + 64).
 *
 * @param rows (n, d) row-major
 * @param all N rows; the distance to one of weight w counts w times
 * @param d number of features
 * @param k number of clusters
 * @returns (n, k) row-major
 */
export function distanceSums(rows: Float64Array, all: ClusteredRows, d: number, k: number): Float64Array {
  const { labels, weights } = all;
  const n = rows.length / d;
  const sums = new Float64Array(n * k);
  const memory = sharedKernels();
  const { kernels } = memory;
  const width = Math.min(d, BATCH_FEATURES);
  const at = memory.layOut({
    // The kernel that turns rows into columns looks past the last.
    batch: (BATCH_ROWS + 1) * width * 8,
    columns: width * STRIDE * 8,
    row: width * 8,
    squares: n * STRIDE * 8,
  });
  const { buffer } = memory;
  const batch = new Float64Array(buffer, at.batch, BATCH_ROWS * width);
  const row = new Float64Array(buffer, at.row, width);
  const squares = new Float64Array(buffer, at.squares, n * STRIDE);
  for (let start = 0; start < labels.length; start += BATCH_ROWS) {
    const m = Math.min(labels.length, start + BATCH_ROWS) - start;
    squares.fill(0);
    for (let first = 0; first < d; first += width) {
      const w = Math.min(d, first + width) - first;
      copyFeatures(all.rows, d, start, m, first, w, batch);
      kernels.transpose(at.batch, m, w, at.columns, STRIDE);
      for (let i = 0; i < n; i++) {
        copyFeatures(rows, d, i, 1, first, w, row);
        kernels.addSquaredDistances(at.row, at.columns, STRIDE, m, w, at.squares + i * STRIDE * 8);
      }
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) {
        const distance = Math.sqrt(squares[i * STRIDE + j]);
        sums[i * k + labels[start + j]] += weights === null ? distance : weights[start + j] * distance;
      }
    }
  }
  return sums;
}

/** Some features of some rows, into (m, w) row-major. */
function copyFeatures(
  rows: Float64Array,
  d: number,
  start: number,
  m: number,
  first: number,
  w: number,
  into: Float64Array,
): void {
  for (let i = 0; i < m; i++) {
    const from = (start + i) * d + first;
    for (let f = 0; f < w; f++) into[i * w + f] = rows[from + f];
  }
}
