import type { Partition } from "../../data/partitions/partition.js";
import { type Matrix, selectColumns } from "../../numerics/matrix.js";
import { coarseSpread } from "../../privacy/coarse-spread.js";
import { type Groups, groupRows, pointsOf } from "../../privacy/groups.js";
import type { Policy } from "../../privacy/policy.js";
import { lexicographicOrder } from "../../privacy/row-order.js";
import type { PointLabels } from "../../workflow/local-data.js";

/** What a client's rows become before anything is computed from them. */
export interface ClientPoints {
  /** (n, d) in the features' units. */
  readonly points: Matrix;
  /** (n,) number of rows behind each; null: one each. */
  readonly weights: Float64Array | null;
  /** null where there are none, or they are not shared. */
  readonly labels: PointLabels | null;
  /** (d,) standard deviation of each feature over the rows, coarsely, NaN where it is not stated; null: of none. */
  readonly spreads: Float64Array | null;
}

/** Each row as a point of weight one. */
export function rowsAsPoints({ rows, labels, classes }: Partition, sharesLabels = true): ClientPoints {
  return {
    points: rows,
    weights: null,
    labels: labels === null || !sharesLabels ? null : { classes, classOf: labels, pointOf: null, rows: null },
    spreads: null,
  };
}

/**
 * A client's rows under its policy: points of at least `groupSize` rows each, none where there are fewer rows. Rows in
 * another order give the same points.
 */
export function pointsUnder(
  policy: Policy,
  partition: Partition,
  groups: Groups | null = groupsUnder(policy, partition),
): ClientPoints {
  const rows = rowsAsPoints(partition, policy.sharesLabels);
  if (policy.groupSize === 1) return rows;
  if (groups === null) return noPoints(rows);
  return { ...grouped(rows, groups), spreads: coarseSpread(partition.rows, policy.groupSize) };
}

/** The groups that points under a policy are the means of; null where rows are points, or are too few for one group. */
export function groupsUnder({ groupSize, groupScale }: Policy, { rows }: Partition): Groups | null {
  if (groupSize === 1 || rows.nRows < groupSize) return null;
  return groupRows(rows, null, groupSize, groupScale);
}

/** Points of at least `groupSize` rows each, made of points of fewer, which are taken whole. */
export function merged(
  points: ClientPoints,
  { groupSize, groupScale }: Pick<Policy, "groupSize" | "groupScale">,
): ClientPoints {
  if (rowsBehind(points) < groupSize) return noPoints(points);
  return grouped(points, groupRows(points.points, points.weights, groupSize, groupScale));
}

/**
 * The same points in an order that follows from them: the one in which groups were made tells which of them are alike, and
 * the last bits of sums tell the order.
 */
export function inOrder({ points, weights, labels, spreads }: ClientPoints): ClientPoints {
  const { nRows, nColumns: d } = points;
  const order = lexicographicOrder(points, weights);
  const places = new Int32Array(nRows);
  const data = new Float64Array(nRows * d);
  for (let place = 0; place < nRows; place++) {
    places[order[place]] = place;
    const from = order[place] * d;
    for (let j = 0; j < d; j++) data[place * d + j] = points.data[from + j];
  }
  return {
    points: { data, nRows, nColumns: d },
    weights: weights && Float64Array.from(order, (point) => weights[point]),
    labels: labels && inOrderOfPoints(labels, places),
    spreads,
  };
}

/** @param places (n,) where each point goes */
function inOrderOfPoints({ classes, classOf, pointOf, rows }: PointLabels, places: Int32Array): PointLabels {
  const place = (entry: number) => places[pointOf === null ? entry : pointOf[entry]];
  const entries = [...classOf.keys()].sort((a, b) => place(a) - place(b) || classOf[a] - classOf[b]);
  return {
    classes,
    classOf: Int32Array.from(entries, (entry) => classOf[entry]),
    pointOf: Int32Array.from(entries, place),
    rows: rows && Float64Array.from(entries, (entry) => rows[entry]),
  };
}

/**
 * Points with some of their columns, in another order.
 *
 * @param places of these columns
 * @param mayOverwrite whether they may be put in order where they lie: the points are no longer the caller's then
 */
export function withColumns(
  { points, spreads, ...rest }: ClientPoints,
  places: readonly number[],
  mayOverwrite = false,
): ClientPoints {
  return {
    ...rest,
    points: selectColumns(points, places, mayOverwrite),
    spreads: spreads && Float64Array.from(places, (place) => spreads[place]),
  };
}

/** Number of rows behind all points. */
export function rowsBehind({ points, weights }: ClientPoints): number {
  return weights === null ? points.nRows : weights.reduce((sum, weight) => sum + weight, 0);
}

function grouped({ points, weights, labels, spreads }: ClientPoints, groups: Groups): ClientPoints {
  return { ...pointsOf(points, weights, groups), labels: labels && labelsOf(labels, groups), spreads };
}

/** What a client of too few rows takes part with: not even the names of their classes. */
function noPoints({ points }: ClientPoints): ClientPoints {
  return {
    points: { data: new Float64Array(0), nRows: 0, nColumns: points.nColumns },
    weights: new Float64Array(0),
    labels: null,
    spreads: null,
  };
}

/** The labels behind points, as those behind the groups of them. */
function labelsOf({ classes, classOf, pointOf, rows }: PointLabels, groups: Groups): PointLabels {
  const nGroups = groups.starts.length - 1;
  const groupOf = new Int32Array(groups.rows.length);
  for (let group = 0; group < nGroups; group++) {
    for (let i = groups.starts[group]; i < groups.starts[group + 1]; i++) groupOf[groups.rows[i]] = group;
  }
  const counts = new Float64Array(nGroups * classes.length);
  for (let i = 0; i < classOf.length; i++) {
    const group = groupOf[pointOf === null ? i : pointOf[i]];
    counts[group * classes.length + classOf[i]] += rows === null ? 1 : rows[i];
  }
  const filled = [...counts.keys()].filter((entry) => counts[entry] > 0);
  return {
    classes,
    classOf: Int32Array.from(filled, (entry) => entry % classes.length),
    pointOf: Int32Array.from(filled, (entry) => Math.floor(entry / classes.length)),
    rows: Float64Array.from(filled, (entry) => counts[entry]),
  };
}
