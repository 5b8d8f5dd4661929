import type { Matrix } from "#src/numerics/matrix.js";
import { randomStream } from "#src/numerics/random.js";
import type { Transform } from "#src/numerics/transform.js";
import { updateRequest } from "#src/workflow/clustering/update.js";
import { fitRequest } from "#src/workflow/evaluation.js";
import type { Message } from "#src/workflow/message.js";
import { productsRequest, wideMomentsRequest } from "#src/workflow/transform/wide-pca.js";
import type { Lattice } from "./row-proof.js";

/*
 * A server that asks what it likes, in requests that the protocol knows. Each attack ends with what a client computes
 * from, as far as it can be told apart: points and the numbers of rows behind them.
 */

/** Asks the client under attack. */
export type Ask = (request: Message) => Message;

/** A point as it was found, and the number of rows behind it. */
export interface FoundPoint {
  readonly values: readonly number[];
  readonly rows: number;
}

const AS_IT_IS: Transform = { normalization: null, projection: null };
const OPTIONS = {
  algorithm: "lloyd",
  localIterations: 1,
  dropEmpty: true,
  asPublished: false,
  privacyThreshold: 0,
};

/** A part of a line on which some points lie. */
interface Interval {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly sum: readonly number[] | null;
}

/** Cells that one request tells apart. */
const CELLS = 2000;

/**
 * By counts alone: features are taken to whole numbers and packed into the digits of one, by a normalization and a
 * projection of the server's; then occupied parts of the line are cut finer and finer.
 *
 * @param columns the lattice on which points are told apart; the product of their levels is below 2^50
 */
export function pointsByCounts(ask: Ask, columns: readonly Required<Lattice>[]): FoundPoint[] {
  const levels = columns.map(({ low, high, step }) => Math.round((high - low) / step) + 1);
  const places = levels.map((_, j) => levels.slice(j + 1).reduce((product, more) => product * more, 1));
  const total = places[0] * levels[0];
  const transform: Transform = {
    normalization: {
      mean: Float64Array.from(columns, ({ low }) => low),
      scale: Float64Array.from(columns, ({ step }) => step),
    },
    projection: {
      mean: new Float64Array(columns.length),
      components: Float64Array.from(places, (place) => place / total),
    },
  };
  let occupied: Interval[] = [{ from: 0, to: total, rows: 0, sum: null }];
  while (occupied.some(({ from, to }) => to - from > 1)) {
    const parts = Math.max(2, Math.floor(CELLS / occupied.length));
    const cells = occupied.flatMap(({ from, to }) => {
      const count = Math.min(parts, to - from);
      const at = (i: number) => from + Math.floor(((to - from) * i) / count);
      return Array.from({ length: count }, (_, i) => [at(i), at(i + 1)] as const);
    });
    occupied = cellsOf(ask, transform, 1, cells, (at) => [at / total], 0.25);
  }
  return occupied.map(({ from, rows }) => {
    let left = from;
    const values = places.map((place, j) => {
      const digit = Math.floor(left / place);
      left -= digit * place;
      return columns[j].low + digit * columns[j].step;
    });
    return { values, rows };
  });
}

/**
 * By sums: slabs across a line, cut until no slab can be cut any more, or has fewer rows than two points would have;
 * then its sum over its count is the point.
 *
 * @param along direction of the line; drawn where there is none
 * @param transform null: as the rows are
 */
export function pointsBySums(
  ask: Ask,
  { nColumns, reach, least }: { nColumns: number; reach: number; least: number },
  transform: Transform = AS_IT_IS,
  along: readonly number[] = unitVector(nColumns),
): FoundPoint[] {
  let slabs: Interval[] = [{ from: -reach, to: reach, rows: Infinity, sum: null }];
  // Of equal points no cut tells them apart.
  const isOpen = ({ from, to, rows }: Interval) => rows >= 2 * least && to - from > 1e-9 * reach;
  for (let open = slabs; open.length > 0; open = slabs.filter(isOpen)) {
    const parts = Math.max(2, Math.floor(CELLS / open.length));
    const cells = slabs.flatMap((slab) => {
      if (!open.includes(slab)) return [[slab.from, slab.to] as const];
      const at = (i: number) => slab.from + ((slab.to - slab.from) * i) / parts;
      return Array.from({ length: parts }, (_, i) => [at(i), at(i + 1)] as const);
    });
    slabs = cellsOf(ask, transform, nColumns, cells, (at) => along.map((x) => x * at), null);
  }
  return slabs.map(({ rows, sum }) => ({ rows, values: sum!.map((x) => x / rows) }));
}

/**
 * Counts, and sums where they are sent, of cells along a line that tile it or not: two means a cell, a little inside
 * its ends.
 *
 * @param guard how far inside; null: a thousandth of the cell
 */
function cellsOf(
  ask: Ask,
  transform: Transform,
  nColumns: number,
  cells: readonly (readonly [number, number])[],
  pointAt: (at: number) => readonly number[],
  guard: number | null,
): Interval[] {
  const means = cells.flatMap(([from, to]) => {
    const inside = guard ?? (to - from) * 1e-3;
    const last = guard === null ? to - inside : to - 1 + inside;
    return [pointAt(guard === null ? from + inside : from - inside), pointAt(last)];
  });
  const reply = ask(updateRequest(transform, matrix(means), OPTIONS));
  const { counts, origins, sent, values } = reply.arrays;
  const found = new Map<number, { rows: number; sum: number[] | null }>();
  let at = 0;
  counts.data.forEach((rows, i) => {
    const cell = Math.floor(origins.data[i] / 2);
    const isSent = sent.data[i] === 1;
    const sum = isSent ? Array.from(values.data.subarray(at, (at += nColumns))) : null;
    const before = found.get(cell);
    if (before === undefined) found.set(cell, { rows, sum });
    else {
      before.rows += rows;
      before.sum = before.sum === null || sum === null ? null : before.sum.map((x, j) => x + sum[j]);
    }
  });
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([cell, of]) => ({ from: cells[cell][0], to: cells[cell][1], ...of }));
}

/**
 * By transforms: features are mixed by an invertible matrix whose first component is far the largest, so that cells
 * follow that one, and sums come in all; then they are unmixed.
 */
export function pointsByTransforms(
  ask: Ask,
  { nColumns, reach, least }: { nColumns: number; reach: number; least: number },
): FoundPoint[] {
  // Each feature along itself, and the first component along all of them.
  const first = unitVector(nColumns);
  const components = new Float64Array(nColumns * nColumns);
  components.set(first);
  for (let j = 1; j < nColumns; j++) components[j * nColumns + j] = 1e-7;
  const scale = new Float64Array(nColumns).fill(1 / 3);
  const transform: Transform = {
    normalization: { mean: new Float64Array(nColumns).fill(1), scale },
    projection: { mean: new Float64Array(nColumns), components },
  };
  const along = Array.from({ length: nColumns }, (_, j) => (j === 0 ? 1 : 0));
  const mixed = pointsBySums(ask, { nColumns, reach: 3 * reach + 3, least }, transform, along);
  return mixed.map(({ values, rows }) => {
    const standardized = values.map((x, j) => (j === 0 ? 0 : x * 1e7));
    const others = standardized.reduce((sum, x, j) => sum + x * first[j], 0);
    standardized[0] = (values[0] - others) / first[0];
    return { rows, values: standardized.map((x) => x / 3 + 1) };
  });
}

/**
 * By products of the scatter matrix, of many features: along one that a single row has, by its flag of 1 where all others
 * have 0, lies the point of that row's group, about the mean.
 *
 * @param flags features of this kind
 */
export function pointsByProducts(ask: Ask, nColumns: number, flags: readonly number[]): FoundPoint[] {
  const { arrays, scalars } = ask(wideMomentsRequest(null, 0));
  const mean = Array.from(arrays.sums.data, (x) => x / (scalars.n_samples as number));
  const directions = new Float64Array(flags.length * nColumns);
  for (const [v, flag] of flags.entries()) directions[v * nColumns + flag] = 1;
  const { data } = ask(productsRequest(null, directions, nColumns, 0)).arrays.products;
  return flags.map((flag, v) => {
    const values = mean.map((x, j) => x + data[v * nColumns + j]);
    // Of its group's rows one has the flag.
    return { values, rows: Math.round(1 / values[flag]) };
  });
}

/** Rows of each class behind each point, by asking for the fit of means that lie on points; empty where none is told. */
export function labelsByContingency(ask: Ask, points: readonly FoundPoint[]): Record<string, number>[] {
  const reply = ask(fitRequest(AS_IT_IS, matrix(points.map(({ values }) => values)), 0, false));
  const classes = reply.scalars.classes as readonly string[];
  const { data } = reply.arrays.contingency;
  return classes.length === 0
    ? []
    : points.map((_, p) => Object.fromEntries(classes.map((name, c) => [name, data[c * points.length + p]])));
}

function unitVector(length: number): number[] {
  const random = randomStream(1, "along");
  const vector = Array.from({ length }, () => 0.5 + random.uniform());
  const norm = Math.hypot(...vector);
  return vector.map((x) => x / norm);
}

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns: rows[0].length };
}
