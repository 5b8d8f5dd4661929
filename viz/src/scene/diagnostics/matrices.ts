import type { ClientFacts, Experiment } from "../../read/experiment.js";
import type { Silhouettes } from "../../read/silhouette.js";
import { clientTitle } from "../text/names.js";
import { countText } from "../text/numbers.js";
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

/**
 * Rows of each class in each cluster; shades are shares of a class.
 *
 * @returns null where the directory does not say, of the last means
 */
export function classMatrix({ metrics, rounds, scoredRound }: Experiment): Matrix | null {
  const { round, k } = rounds.at(-1)!;
  const { contingency } = metrics;
  if (contingency === null || scoredRound !== round || contingency.counts[0]?.length !== k) return null;
  const { classes } = contingency;
  const inOrder = [...classes.keys()].sort(
    (a, b) => Number(classes[a]) - Number(classes[b]) || (classes[a] < classes[b] ? -1 : 1),
  );
  const rows = inOrder.map((i) => {
    const name = classes[i];
    const counts = contingency.counts[i];
    const total = counts.reduce((sum, count) => sum + count, 0);
    const cells = counts.map((count) =>
      count === 0 ? null : { shade: count / total, text: countText(count) },
    );
    // Clusters and clients have numbers, too.
    return { name: /^\d+$/.test(name) ? `class ${name}` : name, cells, total: countText(total) };
  });
  return { rows, k, total: "rows", legend: "rows of a class: fewest, median, most" };
}

/**
 * How far each cluster was found again in resamples; the darker, the farther from the similarity at which it counts as
 * neither recovered nor dissolved.
 *
 * @returns null where the directory does not say, of the last means
 */
export function stabilityMatrix({ stability, rounds, scoredRound }: Experiment): Matrix | null {
  const { round, k } = rounds.at(-1)!;
  if (stability === null || scoredRound !== round || stability.clusters.length !== k) return null;
  const { clusters, resamples } = stability;
  const share = (count: number, sign: 1 | -1) => ({
    shade: (sign * count) / resamples,
    text: countText(count),
  });
  const rows = [
    {
      name: "mean Jaccard",
      cells: clusters.map(({ meanJaccard: mean }) =>
        mean === null
          ? null
          : { shade: mean < 0.6 ? mean - 1 : mean < 0.75 ? 0.15 : mean, text: shareText(mean) },
      ),
      total: "",
    },
    {
      name: "recovered",
      cells: clusters.map(({ recovered }) => share(recovered, 1)),
      total: countText(resamples),
    },
    {
      name: "dissolved",
      cells: clusters.map(({ dissolved }) => share(dissolved, -1)),
      total: countText(resamples),
    },
  ];
  return { rows, k, total: "of", legend: "blue: found again; orange: dissolved" };
}
