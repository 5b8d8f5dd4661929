import { BLOCK_ROWS } from "../../blocks.js";
import { countRows } from "../../matrix.js";
import { fillPanels, LANES, oneGroup } from "../bounded/panels.js";
import { PROBLEM_BYTES, Problem, scratchBytes } from "../bounded/problem.js";
import { sharedKernels } from "../memory/instance.js";

/** Rows of a batch should stay in the processor's second cache. */
const BATCH_BYTES = 256 * 1024;

/**
 * Squared distances of each row to its nearest and its second nearest centroid, in order of the rows.
 * Cost n * k * d.
 *
 * @param rows (n, d) row-major
 * @param centroids (k, d) row-major, k >= 2
 * @param onRow is told of each row; must not use the kernels itself
 */
export function forEachNearest(
  rows: Float64Array,
  d: number,
  centroids: Float64Array,
  onRow: (row: number, nearest: number, second: number) => void,
): void {
  const n = countRows(rows, d);
  const k = centroids.length / d;
  const memory = sharedKernels();
  const { nGroups, panelsPerGroup, lanes } = oneGroup(k);
  const batchRows = Math.min(n, BLOCK_ROWS, Math.max(16, Math.floor(BATCH_BYTES / (8 * d) / 4) * 4));
  const problem = new Problem(
    memory,
    { n: batchRows, d, k, batchRows, nGroups, panelsPerGroup, nBounds: 1 },
    {
      problem: PROBLEM_BYTES,
      rows: batchRows * d * 8,
      panels: lanes.length * d * 8,
      indices: lanes.length * 8,
      scratch: scratchBytes(nGroups, panelsPerGroup),
      active: (batchRows + LANES) * 4,
      labels: batchRows * 4,
      distances: batchRows * 8,
      others: batchRows * 8,
    },
  );
  fillPanels(centroids, d, lanes, problem.float64s("panels", lanes.length * d));
  problem.float64s("indices", lanes.length).set(lanes);
  // Whoever takes four rows at a time finds the first past the last.
  problem.int32s("active", batchRows + LANES).forEach((_, i, list) => {
    list[i] = i < batchRows ? i : 0;
  });
  const batch = problem.float64s("rows", batchRows * d);
  const nearest = problem.float64s("distances", batchRows);
  const second = problem.float64s("others", batchRows);
  for (let start = 0; start < n; start += batchRows) {
    const m = Math.min(n, start + batchRows) - start;
    batch.set(rows.subarray(start * d, (start + m) * d));
    memory.kernels.scan(problem.address, problem.at.active, m);
    for (let i = 0; i < m; i++) onRow(start + i, nearest[i], second[i]);
  }
}
