import { existsSync, statSync } from "node:fs";
import { type Layout, layoutOf } from "../directory/layout.js";
import { readMatrix, readVector } from "../directory/read-array.js";
import { readPoints } from "../directory/read-points.js";
import { readSummary } from "../directory/read-summary.js";
import { RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import { nearestCentroids } from "../numerics/nearest-centroids.js";
import { type Experiment, type ExperimentLike, open } from "./open.js";
import { type Flat, type Plane, planeOf } from "./plane.js";

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
  const plane = planeOfRun(run, layout, [...read.values()]);
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

/** @param points (n, p) of the clients */
function planeOfRun(run: Experiment, layout: Layout, points: readonly Matrix[]): Plane {
  const p = points[0].nColumns;
  const inComponents = run.configuration.pca_components != null;
  const ratioFile = layout.pca("explained_variance_ratio");
  const ratio = existsSync(ratioFile) ? [...readVector(ratioFile, null)] : [];
  const isOfFeatures = existsSync(layout.pca("components")) && !inComponents && p > 2;
  const axes = isOfFeatures
    ? {
        components: readMatrix(layout.pca("components"), null, "", p).data,
        mean: readVector(layout.pca("mean"), p),
        ratio,
      }
    : null;
  const isStandardized = existsSync(layout.normalization("mean"));
  const isInBox = run.configuration.privacy === "dp";
  const { featureNames } = run;
  return planeOf({ p, featureNames, isStandardized, isInBox, inComponents, ratio, axes }, points);
}
