import { log } from "./elementary.js";

/** Counts of samples by true class (row) and by cluster (column). */
export interface ContingencyTable {
  /** (nClasses, nClusters) row-major, whole numbers. */
  readonly counts: Float64Array;
  readonly nClasses: number;
  readonly nClusters: number;
}

/**
 * Adds samples to a table. Cost n.
 *
 * @param classes (n,) the class of each, in 0..nClasses-1
 * @param clusters (n,) the cluster of each, in 0..nClusters-1
 * @param weights (n,) how many samples each stands for, whole numbers of at least 0; null for 1 each
 */
export function addContingency(
  { counts, nClusters }: ContingencyTable,
  classes: Int32Array,
  clusters: Int32Array,
  weights: Float64Array | null,
): void {
  for (let i = 0; i < classes.length; i++) {
    counts[classes[i] * nClusters + clusters[i]] += weights === null ? 1 : weights[i];
  }
}

/**
 * Adjusted Rand index: 1 for equal partitions, about 0 for independent ones; has no unit. Pairs are counted and
 * multiplied in integers without bound, so that 0 and 1 are exact: the index is rounded three times, at the end.
 *
 * @param table at least one sample
 * @throws RangeError if a count is no whole number
 * @example
 *   // Classes 0 0 1 1 against clusters 0 0 1 2: one pair together in both, none in the clusters alone.
 *   adjustedRandIndex({ counts: Float64Array.of(2, 0, 0, 0, 1, 1), nClasses: 2, nClusters: 3 }) // => 4 / 7
 * @see Hubert & Arabie, Comparing partitions, J. Classification 2 (1985), eq. 5; over pairs it is 2 (ad - bc) /
 *   ((a + b)(b + d) + (a + c)(c + d))
 */
export function adjustedRandIndex(table: ContingencyTable): number {
  const { rows, columns, total } = margins(table);
  const together = pairs(table.counts);
  const onlyInClass = pairs(rows) - together;
  const onlyInCluster = pairs(columns) - together;
  // Equal partitions, among them the trivial ones: one cluster each, or every sample on its own.
  if (onlyInClass === 0n && onlyInCluster === 0n) return 1;
  const apart = pairs([total]) - together - onlyInClass - onlyInCluster;
  const numerator = 2n * (together * apart - onlyInClass * onlyInCluster);
  const denominator =
    (together + onlyInClass) * (onlyInClass + apart) + (together + onlyInCluster) * (onlyInCluster + apart);
  return Number(numerator) / Number(denominator);
}

/**
 * Mutual information of classes and clusters over the arithmetic mean of their entropies: 0 (independent)
 * to 1 (equal); has no unit.
 *
 * @param table at least one sample
 * @example
 *   // Entropies log 2 and 3 / 2 log 2, of which they share log 2.
 *   normalizedMutualInformation({ counts: Float64Array.of(2, 0, 0, 0, 1, 1), nClasses: 2, nClusters: 3 }) // => 4 / 5
 * @see Vinh, Epps & Bailey, Information theoretic measures for clusterings comparison, JMLR 11 (2010), table 2
 */
export function normalizedMutualInformation(table: ContingencyTable): number {
  const { rows, columns, total } = margins(table);
  if (arePartitionsEqual(table)) return 1;
  const meanEntropy = (entropy(rows, total) + entropy(columns, total)) / 2;
  let information = 0;
  for (let i = 0; i < table.nClasses; i++) {
    for (let j = 0; j < table.nClusters; j++) {
      const count = table.counts[i * table.nClusters + j];
      if (count > 0) information += (count / total) * log((count * total) / (rows[i] * columns[j]));
    }
  }
  return Math.min(1, Math.max(0, information) / meanEntropy);
}

/** Whether each class is one cluster, by another name. */
function arePartitionsEqual({ counts, nClusters }: ContingencyTable): boolean {
  const inUse = [...counts.keys()].filter((cell) => counts[cell] > 0);
  const classes = new Set(inUse.map((cell) => Math.floor(cell / nClusters)));
  const clusters = new Set(inUse.map((cell) => cell % nClusters));
  return classes.size === inUse.length && clusters.size === inUse.length;
}

function margins(table: ContingencyTable): { rows: Float64Array; columns: Float64Array; total: number } {
  const rows = new Float64Array(table.nClasses);
  const columns = new Float64Array(table.nClusters);
  let total = 0;
  table.counts.forEach((count, cell) => {
    rows[Math.floor(cell / table.nClusters)] += count;
    columns[cell % table.nClusters] += count;
    total += count;
  });
  return { rows, columns, total };
}

/** Pairs of samples in one cell, over all cells. */
function pairs(counts: ArrayLike<number>): bigint {
  let sum = 0n;
  for (let cell = 0; cell < counts.length; cell++) {
    const count = BigInt(counts[cell]);
    sum += (count * (count - 1n)) / 2n;
  }
  return sum;
}

function entropy(counts: Float64Array, total: number): number {
  return counts.reduce((sum, count) => (count > 0 ? sum - (count / total) * log(count / total) : sum), 0);
}
