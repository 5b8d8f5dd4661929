import { oneGroup } from "./panels.js";
import { openWorkspace, scanBatch } from "./workspace.js";

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
  const n = rows.length / d;
  const grouping = oneGroup(centroids.length / d);
  const workspace = openWorkspace(centroids, d, grouping, null);
  for (let start = 0; start < n; start += workspace.batchRows) {
    const m = Math.min(n, start + workspace.batchRows) - start;
    workspace.rows.set(rows.subarray(start * d, (start + m) * d));
    scanBatch(workspace, m, d, grouping);
    for (let i = 0; i < m; i++) onRow(start + i, workspace.distances[i], workspace.others[i]);
  }
}
