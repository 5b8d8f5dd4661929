/** Stands for the cluster of a row that was left out, as one with a missing value may be. */
const LEFT_OUT = -1;

/**
 * Clusters of all rows of a table, in its order.
 *
 * @param labels (n,) of the rows that were kept
 * @param leftOut indices, rising, of those that were not
 * @returns (n + leftOut,)
 */
export function labelsOfAllRows(labels: Int32Array, leftOut: readonly number[]): Int32Array {
  if (leftOut.length === 0) return labels;
  const all = new Int32Array(labels.length + leftOut.length).fill(LEFT_OUT);
  let kept = 0;
  let next = 0;
  for (let i = 0; i < all.length; i++) {
    if (leftOut[next] === i) next += 1;
    else all[i] = labels[kept++];
  }
  return all;
}
