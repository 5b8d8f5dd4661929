/**
 * Optimal assignment: pairs every row of a cost matrix with a column of its own so that the sum of costs is
 * least. Cost nRows^2 * nColumns.
 *
 * @param costs (nRows, nColumns) row-major, finite, nRows <= nColumns
 * @param nRows number of rows
 * @param nColumns number of columns
 * @returns (nRows,) the column of each row
 * @throws RangeError if there are more rows than columns
 * @example optimalAssignment(Float64Array.of(4, 1, 3, 2, 0, 5, 3, 2, 2), 3, 3) // => [1, 0, 2]
 * @see Jonker & Volgenant, A shortest augmenting path algorithm, Computing 38 (1987)
 */
export function optimalAssignment(costs: Float64Array, nRows: number, nColumns: number): Int32Array {
  if (nRows > nColumns) throw new RangeError(`expected at most ${nColumns} rows, found ${nRows}`);
  const rowPotential = new Float64Array(nRows);
  const columnPotential = new Float64Array(nColumns);
  const rowOfColumn = new Int32Array(nColumns).fill(-1);
  const previous = new Int32Array(nColumns);
  const slack = new Float64Array(nColumns);
  const done = new Uint8Array(nColumns);

  for (let start = 0; start < nRows; start++) {
    slack.fill(Infinity);
    done.fill(0);
    previous.fill(-1);
    const path: number[] = [];
    let row = start;
    let column = -1;
    let length = 0;
    // Grow a shortest-path tree from the free row until it reaches a free column.
    for (;;) {
      let next = -1;
      for (let c = 0; c < nColumns; c++) {
        if (done[c]) continue;
        const reduced = length + costs[row * nColumns + c] - rowPotential[row] - columnPotential[c];
        if (reduced < slack[c]) {
          slack[c] = reduced;
          previous[c] = column;
        }
        if (next < 0 || slack[c] < slack[next]) next = c;
      }
      column = next;
      length = slack[column];
      if (rowOfColumn[column] < 0) break;
      done[column] = 1;
      path.push(column);
      row = rowOfColumn[column];
    }
    rowPotential[start] += length;
    for (const c of path) {
      rowPotential[rowOfColumn[c]] += length - slack[c];
      columnPotential[c] -= length - slack[c];
    }
    while (column >= 0) {
      const parent = previous[column];
      rowOfColumn[column] = parent < 0 ? start : rowOfColumn[parent];
      column = parent;
    }
  }

  const columnOfRow = new Int32Array(nRows);
  for (let c = 0; c < nColumns; c++) if (rowOfColumn[c] >= 0) columnOfRow[rowOfColumn[c]] = c;
  return columnOfRow;
}
