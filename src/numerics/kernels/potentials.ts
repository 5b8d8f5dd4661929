import { sharedKernels } from "./instance.js";

/** What k-means++ asks of rows: how near the centroids so far are, and how near candidates would be. */
export interface Potentials {
  /** (n,) squared distance of each row to the nearest centroid so far. */
  readonly closest: Float64Array;
  /** A row becomes a centroid. */
  approach(row: number): void;
  /** For each of some rows, the weighted sum of `closest` if it were a centroid too; good until the next call. */
  of(candidates: Int32Array): Float64Array;
  /** No row is a centroid any more. */
  restart(): void;
}

const BATCH_BYTES = 128 * 1024;
/** The kernel takes four rows at a time. */
const SPARE_ROWS = 3;

/**
 * @param rows (n, d) row-major; may not change
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
  const batchRows = Math.min(4 * Math.ceil(n / 4), Math.max(16, Math.floor(BATCH_BYTES / (8 * d) / 4) * 4));
  const nPairs = Math.ceil(nCandidates / 2);
  const memory = sharedKernels();
  const { kernels } = memory;

  const openArea = () => {
    const m = batchRows + SPARE_ROWS;
    const at = memory.layOut({
      rows: m * d * 8,
      candidates: nPairs * d * 16,
      closest: m * 8,
      weights: m * 8,
      sums: nPairs * 16,
    });
    const view = (address: number, length: number) => new Float64Array(memory.buffer, address, length);
    return {
      at,
      layout: memory.layout,
      /** First row of the batch that is in the memory. */
      loaded: -1,
      rows: view(at.rows, batchRows * d),
      candidates: view(at.candidates, nPairs * d * 2),
      closest: view(at.closest, batchRows),
      weights: view(at.weights, batchRows),
      sums: view(at.sums, nPairs * 2),
    };
  };
  type Area = ReturnType<typeof openArea>;
  let area: Area | null = null;

  /** The area, which others may have written over since. */
  const currentArea = (): Area => {
    if (area === null || area.layout !== memory.layout) area = openArea();
    return area;
  };

  /** Brings a batch of rows into the memory, with what is closest to them; returns its size. */
  const load = (into: Area, start: number): number => {
    const end = Math.min(n, start + batchRows);
    if (into.loaded !== start) {
      into.rows.set(rows.subarray(start * d, end * d));
      if (weights !== null) into.weights.set(weights.subarray(start, end));
      into.loaded = start;
    }
    into.closest.set(n === batchRows ? closest : closest.subarray(start, end));
    return end - start;
  };

  return {
    closest,
    approach(row) {
      const into = currentArea();
      for (let f = 0; f < d; f++) into.candidates[f] = rows[row * d + f];
      for (let start = 0; start < n; start += batchRows) {
        const m = load(into, start);
        kernels.approach(into.at.rows, m, d, into.at.candidates, into.at.closest);
        closest.set(into.closest.subarray(0, m), start);
      }
    },
    of(candidates) {
      const into = currentArea();
      for (let t = 0; t < nPairs * 2; t++) {
        const row = candidates[Math.min(t, candidates.length - 1)];
        const pair = (t >> 1) * d * 2 + (t & 1);
        for (let f = 0; f < d; f++) into.candidates[pair + f * 2] = rows[row * d + f];
      }
      into.sums.fill(0);
      const { at } = into;
      const weightsAt = weights === null ? 0 : at.weights;
      for (let start = 0; start < n; start += batchRows) {
        const m = load(into, start);
        kernels.potentials(at.rows, m, d, at.candidates, nPairs, at.closest, weightsAt, at.sums);
      }
      return into.sums;
    },
    restart() {
      closest.fill(Infinity);
    },
  };
}
