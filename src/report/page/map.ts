import { existsSync } from "node:fs";
import { readMatrix } from "../../directory/read-array.js";
import type { LoggedRound } from "../../directory/read-experiment.js";
import { readLocals } from "../../directory/read-local.js";
import { readPoints } from "../../directory/read-points.js";
import type { Matrix } from "../../numerics/matrix.js";
import { nearestCentroids } from "../../numerics/nearest-centroids.js";
import type { RunFacts } from "./facts.js";

/** Two coordinates of what was clustered, in which it is drawn. */
export interface Plane {
  readonly xName: string;
  readonly yName: string;
  /** Whether a unit is the same along both. */
  readonly isEqual: boolean;
  /** What the axes are, as a caption says it. */
  readonly said: string;
  /** @returns (n,) each */
  place(points: Matrix): { readonly x: Float64Array; readonly y: Float64Array };
}

/** What stands for the rows in a picture. */
export interface Shown {
  readonly client: string;
  /** (n, p) as clustered. */
  readonly points: Matrix;
  readonly what: "rows" | "groups";
}

/** The plane that a run is drawn in; null of one feature, which has none. */
export function planeOf({ summary, last, pca, featureNames, normalization }: RunFacts): Plane | null {
  const { nColumns } = last.means;
  if (nColumns < 2) return null;
  if (summary.configuration.pca_components != null) {
    return { ...componentNames(pca?.ratio ?? null), isEqual: true, place: (points) => columns(points, 0, 1) };
  }
  if (nColumns === 2 || pca === null || pca.components.nRows < 2) {
    const unit = normalization === null ? "" : " (standardized)";
    return {
      xName: `${featureNames[0] ?? "feature 0"}${unit}`,
      yName: `${featureNames[1] ?? "feature 1"}${unit}`,
      isEqual: false,
      said: nColumns === 2 ? "the two features" : `the first two of ${nColumns} features`,
      place: (points) => columns(points, 0, 1),
    };
  }
  const { mean, components, ratio } = pca;
  return {
    ...componentNames(ratio),
    isEqual: true,
    place: ({ data, nRows }) => {
      const x = new Float64Array(nRows);
      const y = new Float64Array(nRows);
      for (let row = 0; row < nRows; row++) {
        for (let column = 0; column < nColumns; column++) {
          const value = data[row * nColumns + column] - mean[column];
          x[row] += value * components.data[column];
          y[row] += value * components.data[nColumns + column];
        }
      }
      return { x, y };
    },
  };
}

function componentNames(ratio: Float64Array | null): Pick<Plane, "xName" | "yName" | "said"> {
  const share = (i: number) => (ratio === null ? "" : ` (${(100 * ratio[i]).toFixed(0)} % of the variance)`);
  return {
    xName: `principal component 1${share(0)}`,
    yName: `principal component 2${share(1)}`,
    said: "the first two principal components of the federation",
  };
}

function columns({ data, nRows, nColumns }: Matrix, a: number, b: number): ReturnType<Plane["place"]> {
  const column = (at: number) => Float64Array.from({ length: nRows }, (_, row) => data[row * nColumns + at]);
  return { x: column(a), y: column(b) };
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

/** (n,) the nearest mean of each point. */
export function colours(points: Matrix, means: Matrix): Int32Array {
  return points.nRows === 0 ? new Int32Array(0) : nearestCentroids(points.data, means.nColumns, means.data);
}

/** Points one below another. */
export function stacked(parts: readonly Matrix[], nColumns: number): Matrix {
  const nRows = parts.reduce((sum, part) => sum + part.nRows, 0);
  const data = new Float64Array(nRows * nColumns);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { data, nRows, nColumns };
}
