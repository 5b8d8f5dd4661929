import { existsSync, statSync } from "node:fs";
import { type Layout, layoutOf } from "../directory/layout.js";
import { readMatrix, readVector } from "../directory/read-array.js";
import { readPoints } from "../directory/read-points.js";
import { readSummary } from "../directory/read-summary.js";
import { RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import { nearestCentroids } from "../numerics/nearest-centroids.js";
import { principalComponents } from "../numerics/principal-components.js";
import { scatter } from "../numerics/scatter.js";
import { applyTransform, type Projection } from "../numerics/transform.js";
import { type Experiment, type ExperimentLike, open } from "./open.js";

/** Two coordinates of the space that a run clustered in. */
export interface Plane {
  /** E.g. "PC 1 (53 %)", or a feature with "(standardized)"; the second is "" where there is one only. */
  readonly names: readonly [string, string];
  /** Whether they are principal components, which share a unit. */
  readonly areComponents: boolean;
  /** @param points (n, p) in the space clustered in */
  place(points: Matrix): Flat;
}

/** Places in a plane. */
export interface Flat {
  /** (n,) */
  readonly x: Float64Array;
  /** (n,) */
  readonly y: Float64Array;
}

/** What a run recorded of its clients' rows, in a plane, with its final means. */
export interface RowMap {
  readonly clients: readonly (Flat & {
    readonly name: string;
    /** (n,) the final mean that each is nearest to. */
    readonly clusters: Int32Array;
  })[];
  /** Those of which nothing is recorded. */
  readonly without: readonly string[];
  /** What the points are: rows, or where these are not recorded the groups that stand for them. */
  readonly of: "rows" | "groups";
  readonly means: Flat;
  readonly plane: Plane;
}

/**
 * Reads the rows that a run recorded, on the map that its pictures use: its own principal components where it recorded
 * them, else the features where there are no more than two, else principal components of the rows.
 *
 * @throws RunError if no rows are recorded, if there is no whole round, or if a file is damaged
 */
export function readRowMap(experiment: ExperimentLike): RowMap {
  const run = open(experiment);
  const { means } = finalRound(run);
  const { layout, of, points: read, without } = readPointsOf(run.experimentDir, means.nColumns);
  if (read.size === 0) {
    throw new RunError(
      `${run.experimentDir} holds no rows: they stayed with the clients; draw those of a table, as assignments gives it`,
    );
  }
  const plane = planeOf(run, layout, [...read.values()]);
  return {
    clients: [...read].map(([name, points]) => ({
      name,
      ...plane.place(points),
      clusters: nearestCentroids(points.data, points.nColumns, means.data),
    })),
    without,
    of,
    means: plane.place(means),
    plane,
  };
}

/**
 * What a run recorded of its clients' rows, or where it recorded none of the groups that stand for them.
 *
 * @param p columns of the means
 * @param most bytes of the files to read; beyond them nothing is
 * @throws RunError if a file is damaged
 */
export function readPointsOf(
  experimentDir: string,
  p: number,
  most: number = Infinity,
): Pick<RowMap, "of" | "without"> & { layout: Layout; points: ReadonlyMap<string, Matrix> } {
  const { clients } = readSummary(experimentDir);
  const layout = layoutOf(experimentDir, clients);
  const of = clients.some(({ name }) => existsSync(layout.clientData(name))) ? "rows" : "groups";
  const fileOf = (name: string) => (of === "rows" ? layout.clientData(name) : layout.clientPoints(name));
  const there = clients.filter(({ name }) => existsSync(fileOf(name)));
  const size = there.reduce((sum, { name }) => sum + statSync(fileOf(name)).size, 0);
  const read = size > most ? [] : there;
  const points = new Map(
    read.map(({ name }) => [
      name,
      of === "rows" ? readMatrix(fileOf(name), null, "", p) : readPoints(layout, name, p).points,
    ]),
  );
  return { layout, of, points, without: clients.flatMap(({ name }) => (points.has(name) ? [] : [name])) };
}

function finalRound({ rounds, finalRound: final, experimentDir }: Experiment): Experiment["rounds"][number] {
  const round = rounds.at(final ?? -1);
  if (round === undefined) throw new RunError(`${experimentDir} holds no whole round`);
  return round;
}

/** Features beyond which components are not found anew: their cost is the cube of it. */
const MOST_FEATURES = 400;

/** @param points (n, p) of the clients */
function planeOf(run: Experiment, layout: Layout, points: readonly Matrix[]): Plane {
  const p = points[0].nColumns;
  const inComponents = run.configuration.pca_components != null;
  const ratio = existsSync(layout.pca("explained_variance_ratio"))
    ? [...readVector(layout.pca("explained_variance_ratio"), null)]
    : [];
  if (p > 2 && !inComponents) {
    const found = recordedAxes(layout, p, ratio) ?? axesOf(points, p);
    if (found !== null) return { ...componentNames(found.ratio), ...onto(found) };
  }
  if (inComponents) return { ...componentNames(ratio.slice(0, p)), ...firstTwo };
  const isStandardized = existsSync(layout.normalization("mean"));
  const name = (f: number) => `${run.featureNames?.[f] ?? `x${f}`}${isStandardized ? " (standardized)" : ""}`;
  return { names: [name(0), p > 1 ? name(1) : ""], areComponents: false, ...firstTwo };
}

interface Axes extends Projection {
  readonly ratio: readonly number[];
}

/** The run's own components, where it recorded such of the space clustered in. */
function recordedAxes(layout: Layout, p: number, ratio: readonly number[]): Axes | null {
  if (!existsSync(layout.pca("components"))) return null;
  const components = readMatrix(layout.pca("components"), null, "", p).data;
  return { components: components.subarray(0, 2 * p), mean: readVector(layout.pca("mean"), p), ratio };
}

function axesOf(points: readonly Matrix[], p: number): Axes | null {
  const data = new Float64Array(points.reduce((sum, part) => sum + part.data.length, 0));
  let offset = 0;
  for (const part of points) {
    data.set(part.data, offset);
    offset += part.data.length;
  }
  if (p > MOST_FEATURES || data.length < 2 * p) return null;
  const { components, mean, explainedVarianceRatio } = principalComponents(scatter(data, p, null), 2);
  return { components, mean, ratio: [...explainedVarianceRatio] };
}

function componentNames(ratio: readonly number[]): Pick<Plane, "names" | "areComponents"> {
  const name = (c: number) =>
    `PC ${c + 1}${ratio[c] === undefined ? "" : ` (${Math.round(100 * ratio[c])} %)`}`;
  return { names: [name(0), ratio.length === 1 ? "" : name(1)], areComponents: true };
}

function onto({ mean, components }: Projection): Pick<Plane, "place"> {
  return {
    place: (points) =>
      flat(applyTransform({ normalization: null, projection: { mean, components } }, points)),
  };
}

const firstTwo: Pick<Plane, "place"> = { place: flat };

/** The first two coordinates; those of one coordinate lie on a line. */
function flat({ data, nRows, nColumns }: Matrix): Flat {
  return {
    x: Float64Array.from({ length: nRows }, (_, i) => data[i * nColumns]),
    y: Float64Array.from({ length: nRows }, (_, i) => (nColumns > 1 ? data[i * nColumns + 1] : 0)),
  };
}
