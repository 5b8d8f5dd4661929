import { existsSync } from "node:fs";
import { readMatrix } from "../../directory/read-array.js";
import type { LoggedRound } from "../../directory/read-experiment.js";
import { readLocals } from "../../directory/read-local.js";
import { readPoints } from "../../directory/read-points.js";
import { type Plane, planeOf, stacked } from "../../experiment/plane.js";
import type { ScatterMean } from "../../markup/scatter-means.js";
import type { Matrix } from "../../numerics/matrix.js";
import { nearestCentroids } from "../../numerics/nearest-centroids.js";
import type { RunFacts } from "./facts.js";

/** What stands for the rows in a picture. */
export interface Shown {
  readonly client: string;
  /** (n, p) as clustered. */
  readonly points: Matrix;
  readonly what: "rows" | "groups";
}

/** The plane that a run is drawn in, with the words for it in a caption; null of one feature, which has none. */
export function planeFor(
  { summary, last, pca, featureNames, normalization, privately }: RunFacts,
  shown: readonly Shown[],
): (Plane & { readonly said: string }) | null {
  const p = last.means.nColumns;
  if (p < 2) return null;
  const inComponents = summary.configuration.pca_components != null;
  const ratio = pca === null ? [] : [...pca.ratio];
  const axes = pca === null ? null : { mean: pca.mean, components: pca.components.data, ratio };
  const isStandardized = normalization !== null;
  const isInBox = privately !== null;
  const facts = { p, featureNames, isStandardized, isInBox, inComponents, ratio, axes };
  const plane = planeOf(
    facts,
    shown.map(({ points }) => points),
  );
  const said = {
    "own components": "the first two principal components of the federation",
    "components of points": "the first two principal components of what is drawn",
    features: p === 2 ? "the two features" : `the first two of ${p} features`,
  }[plane.of];
  return { ...plane, said };
}

/**
 * What of each client may be drawn: rows of a simulation that recorded them, else the points that stand for them. Of
 * clients elsewhere nothing is, not even what was collected of them.
 */
export function shownOf(facts: RunFacts, showsRows: boolean): Shown[] {
  const { summary, layout, last, isSimulation, hasGroups } = facts;
  if (summary.isOurs && !isSimulation) return [];
  return summary.clients.flatMap(({ name }): Shown[] => {
    try {
      const rows = layout.clientData(name);
      if (showsRows && existsSync(rows)) {
        return [{ client: name, points: readMatrix(rows, null, "", last.means.nColumns), what: "rows" }];
      }
      // Of a client of rows its points are its rows.
      if (hasGroups && existsSync(layout.clientPoints(name))) {
        return [
          { client: name, points: readPoints(layout, name, last.means.nColumns).points, what: "groups" },
        ];
      }
    } catch {
      // A damaged file is a matter of what was verified.
    }
    return [];
  });
}

/** What clients sent in a round, as points; none where it is not recorded. */
export function sentIn({ layout }: RunFacts, round: LoggedRound): Matrix | null {
  if (!round.hasLocals || round.clients.length === 0) return null;
  try {
    const { nColumns } = round.means;
    const locals = readLocals(layout, round, round.clients, nColumns);
    return stacked(
      locals.map(({ means }) => means),
      nColumns,
    );
  } catch {
    return null;
  }
}

/** The means of a round in a plane, as pictures take them; under differential privacy with their standard errors. */
export function meansIn(plane: Plane, { means, standardErrors }: LoggedRound): ScatterMean[] {
  const { x, y } = plane.place(means);
  // Directions of a plane are of length 1, and errors the same in each.
  return Array.from(x, (at, cluster) => ({
    x: at,
    y: y[cluster],
    label: String(cluster),
    colour: cluster,
    ...(standardErrors != null && { error: standardErrors[cluster] }),
  }));
}

/** What discs around means are, for a caption. */
export function discsSaid(rounds: readonly LoggedRound[]): string {
  return rounds.some(({ standardErrors }) => standardErrors !== null)
    ? " Discs: the standard error that noise leaves of a mean, where it is known and larger than the number."
    : "";
}

/** (n,) the nearest mean of each point. */
export function colours(points: Matrix, means: Matrix): Int32Array {
  return points.nRows === 0 ? new Int32Array(0) : nearestCentroids(points.data, means.nColumns, means.data);
}
