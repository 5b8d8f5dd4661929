import type { LocalClient } from "../federation/client/client.js";
import { addContingency, adjustedRandIndex } from "../numerics/contingency.js";
import type { Matrix } from "../numerics/matrix.js";
import { nearestCentroids } from "../numerics/nearest-centroids.js";
import type { Transform } from "../numerics/transform.js";

/**
 * How far several clusterings of the same rows agree: the mean adjusted Rand index over all pairs of them.
 * Computed in a simulation, from labels that stay with each client; only k x k counts are added up.
 *
 * @param clusterings (k, p) means each, at least two
 */
export function meanAgreement(
  clients: readonly LocalClient[],
  clusterings: readonly { transform: Transform; means: Matrix }[],
): number {
  const labels = clusterings.map(({ transform, means }) =>
    clients.map((client) => {
      const rows = client.transformed(transform);
      return nearestCentroids(rows.data, rows.nColumns, means.data);
    }),
  );
  let sum = 0;
  let pairs = 0;
  for (let a = 0; a < clusterings.length; a++) {
    for (let b = 0; b < a; b++) {
      const nClasses = clusterings[a].means.nRows;
      const nClusters = clusterings[b].means.nRows;
      const table = { counts: new Float64Array(nClasses * nClusters), nClasses, nClusters };
      clients.forEach((_, client) => {
        addContingency(table, labels[a][client], labels[b][client], null);
      });
      sum += adjustedRandIndex(table);
      pairs += 1;
    }
  }
  return sum / pairs;
}
