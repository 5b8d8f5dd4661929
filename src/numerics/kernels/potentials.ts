import { kernelsOfThread, layOut } from "./instance.js";

/** What k-means++ asks of rows: how near the centroids so far are, and how near candidates would be. */
export interface Potentials {
  /** (n,) squared distance of each row to the nearest centroid so far. */
  readonly closest: Float64Array;
  /** A row becomes a centroid. */
  approach(row: number): void;
  /** For each of some rows, the weighted sum of `closest` if it were a centroid too. */
  of(candidates: Int32Array): Float64Array;
}

const BATCH_BYTES = 128 * 1024;
/** The kernel takes four rows at a time. */
const SPARE_ROWS = 3;

/**
 * @param rows (n, d) row-major
 * @param weights (n,) non-negative, or null for 1 each
 * @param nCandidates how many at a time, at least 1
 */
export function openPotentials(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  nCandidates: number,
): Potentials {
  const n = rows.length / d;
  const closest = new Float64Array(n).fill(Infinity);
  const batchRows = Math.max(16, Math.floor(BATCH_BYTES / (8 * d) / 4) * 4);
  const nPairs = Math.ceil(nCandidates / 2);
  const m = batchRows + SPARE_ROWS;
  const kernels = kernelsOfThread();

  /** Calls back for each batch of rows, which are then in the kernel memory with what is closest to them. */
  const forEachBatch = (
    fill: (candidates: Float64Array, sums: Float64Array) => void,
    run: (at: Record<"rows" | "candidates" | "closest" | "weights" | "sums", number>, size: number) => void,
    keeps: boolean,
  ): Float64Array => {
    const at = layOut({
      rows: m * d * 8,
      candidates: nPairs * d * 16,
      closest: m * 8,
      weights: m * 8,
      sums: nPairs * 16,
    });
    const view = (address: number, length: number) =>
      new Float64Array(kernels.memory.buffer, address, length);
    const sums = view(at.sums, nPairs * 2).fill(0);
    fill(view(at.candidates, nPairs * d * 2), sums);
    const rowView = view(at.rows, batchRows * d);
    const closestView = view(at.closest, batchRows);
    const weightView = view(at.weights, batchRows);
    for (let start = 0; start < n; start += batchRows) {
      const end = Math.min(n, start + batchRows);
      rowView.set(rows.subarray(start * d, end * d));
      closestView.set(closest.subarray(start, end));
      if (weights !== null) weightView.set(weights.subarray(start, end));
      run(at, end - start);
      if (keeps) closest.set(closestView.subarray(0, end - start), start);
    }
    return sums;
  };

  return {
    closest,
    approach(row) {
      forEachBatch(
        (candidates) => candidates.set(rows.subarray(row * d, (row + 1) * d)),
        (at, size) => kernels.approach(at.rows, size, d, at.candidates, at.closest),
        true,
      );
    },
    of(candidates) {
      const sums = forEachBatch(
        (panels) => {
          for (let t = 0; t < nPairs * 2; t++) {
            const row = candidates[Math.min(t, candidates.length - 1)];
            const pair = (t >> 1) * d * 2 + (t & 1);
            for (let f = 0; f < d; f++) panels[pair + f * 2] = rows[row * d + f];
          }
        },
        (at, size) => {
          const weightsAt = weights === null ? 0 : at.weights;
          kernels.potentials(at.rows, size, d, at.candidates, nPairs, at.closest, weightsAt, at.sums);
        },
        false,
      );
      return sums.slice(0, candidates.length);
    },
  };
}
