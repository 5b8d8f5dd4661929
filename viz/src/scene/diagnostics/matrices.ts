import type { ClientFacts } from "../../read/experiment.js";
import type { Silhouettes } from "../../read/silhouette.js";
import { clientTitle } from "../names.js";
import type { Matrix } from "./matrix.js";
import { shareText } from "./silhouette-panel.js";

/** Mean silhouettes of each client's points in each cluster: whose do not fit, and where. */
export function clientMatrix(
  clients: readonly ClientFacts[],
  { coefficients, labels, weights, clusters }: Silhouettes,
): Matrix {
  const k = clusters.length;
  let at = 0;
  const rows = clients.flatMap(({ name, points }) => {
    if (points === null) return [];
    const sums = new Float64Array(k);
    const sizes = new Float64Array(k);
    for (const end = at + points.nPoints; at < end; at++) {
      const weight = weights === null ? 1 : weights[at];
      sums[labels[at]] += weight * coefficients[at];
      sizes[labels[at]] += weight;
    }
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const mean = sums.reduce((sum, one) => sum + one, 0) / total;
    const cells = [...sums].map((sum, c) => {
      if (sizes[c] === 0) return null;
      return { shade: sum / sizes[c], text: shareText(sum / sizes[c]) };
    });
    return [{ name: clientTitle(name), cells, total: total === 0 ? "" : shareText(mean) }];
  });
  return { rows, k, total: "mean", legend: "lowest, median and highest mean" };
}
