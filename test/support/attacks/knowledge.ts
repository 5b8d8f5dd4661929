import type { Transform } from "#src/numerics/transform.js";
import { featuresAsked } from "#src/workflow/features.js";
import type { Message } from "#src/workflow/message.js";
import { transformOf } from "#src/workflow/transform/arrays.js";

/** One exchange with one client, as the server has it. */
export interface Exchanged {
  readonly request: Message;
  readonly reply: Message;
}

/** A number of rows, and their sum where it was sent. */
export interface Cell {
  readonly rows: number;
  /** (p,) null where it was withheld. */
  readonly sum: readonly number[] | null;
  /** Index of the mean it was nearest to; null where that is not known. */
  readonly nearestTo: number | null;
}

/** All of a client's rows, told apart in one way. */
export interface Partitioned {
  readonly kind: string;
  readonly cells: readonly Cell[];
  /** (k, p) row-major: the means that told them apart; null where the client had its own. */
  readonly means: Float64Array | null;
  readonly nColumns: number;
  readonly transform: Transform;
  /** Which features, in which order; null: all of the client's, in its own. */
  readonly features: readonly string[] | null;
}

/** What the server knows of one client's rows from what it heard: sums, and which rows they may be of. */
export interface Knowledge {
  readonly partitions: readonly Partitioned[];
  /**
   * Rows of scatter matrices, and products of these: of each feature a sum of the rows' values by weights that the server
   * cannot choose.
   */
  readonly products: readonly WeightedSum[];
}

/** Values of the features, in their units, times weights of rows that all features share; of rows about their mean. */
export interface WeightedSum {
  readonly values: readonly number[];
  readonly features: readonly string[] | null;
}

/**
 * Reads all sums of rows out of a conversation; anything else that was told is a function of the same.
 *
 * @param nOwn number of the client's own features
 */
export function knowledgeOf(conversation: readonly Exchanged[], nOwn: number): Knowledge {
  const partitions: Partitioned[] = [];
  const products: WeightedSum[] = [];
  for (const { request, reply } of conversation) {
    const features = featuresAsked(request);
    const nFeatures = features?.length ?? nOwn;
    const transform = transformOf(request, nFeatures);
    const nColumns =
      transform.projection === null ? nFeatures : transform.projection.components.length / nFeatures;
    const add = (cells: Cell[], means: Float64Array | null, of = transform, columns = nColumns) => {
      const filled = cells.filter(({ rows }) => rows > 0);
      if (filled.length === 0) return;
      const { kind } = request;
      partitions.push({ kind, cells: filled, means, nColumns: columns, transform: of, features });
    };
    const means = (request.arrays.means?.data as Float64Array | undefined) ?? null;
    const { arrays, scalars } = reply;
    if ("scatter_upper" in arrays) {
      const { data } = arrays.scatter_upper;
      for (let j = 0; j < nFeatures; j++) products.push({ values: scatterRow(data, nFeatures, j), features });
    }
    switch (reply.kind) {
      case "normalization/moments": {
        const raw = { normalization: null, projection: null };
        const sum = Array.from(arrays.sums.data);
        add([{ rows: scalars.n_samples as number, sum, nearestTo: null }], null, raw, nFeatures);
        break;
      }
      case "pca/moments": {
        const sum = Array.from(arrays.sums.data);
        add([{ rows: scalars.n_samples as number, sum, nearestTo: null }], null);
        break;
      }
      case "pca/products": {
        const scale = transform.normalization?.scale ?? new Float64Array(nFeatures).fill(1);
        for (let at = 0; at < arrays.products.data.length; at += nFeatures) {
          const values = Array.from(scale, (x, j) => x * arrays.products.data[at + j]);
          products.push({ values, features });
        }
        break;
      }
      case "pca/scatter": {
        const n = scalars.n_samples as number;
        const sum = Array.from(arrays.mean.data, (x) => x * n);
        add([{ rows: n, sum, nearestTo: null }], null);
        break;
      }
      case "clustering/local_means":
      case "clustering/local_sums":
        add(localCells(reply, nColumns), arrays.origins.data.some((origin) => origin < 0) ? null : means);
        break;
      case "clustering/starts":
        for (const [cells, of] of startCells(reply, means!, nColumns)) add(cells, of);
        break;
      case "evaluation/fit":
        add(fitCells(reply, nColumns), means);
        break;
    }
  }
  return { partitions, products };
}

/** @param upper (d * (d + 1) / 2,) upper triangle, row by row */
function scatterRow(upper: ArrayLike<number>, d: number, j: number): number[] {
  // Row a begins at its diagonal, with d - a numbers.
  const at = (a: number, b: number) => upper[a * d - (a * (a - 1)) / 2 + (b - a)];
  return Array.from({ length: d }, (_, f) => (f < j ? at(f, j) : at(j, f)));
}

function localCells({ kind, arrays }: Message, nColumns: number): Cell[] {
  const { values, counts, sent, origins } = arrays;
  let at = 0;
  return Array.from(counts.data, (rows, i) => {
    const isSent = sent.data[i] === 1;
    const value = isSent ? Array.from(values.data.subarray(at, (at += nColumns))) : null;
    const sum = value === null || kind === "clustering/local_sums" ? value : value.map((x) => x * rows);
    return { rows, sum, nearestTo: origins.data[i] < 0 ? null : origins.data[i] };
  });
}

function startCells({ arrays }: Message, means: Float64Array, nColumns: number): [Cell[], Float64Array][] {
  const [starts, k] = arrays.counts.shape;
  let at = 0;
  return Array.from({ length: starts }, (_, s) => {
    const cells = Array.from({ length: k }, (_, c): Cell => {
      const isSent = arrays.sent.data[s * k + c] === 1;
      const sum = isSent ? Array.from(arrays.sums.data.subarray(at, (at += nColumns))) : null;
      return { rows: arrays.counts.data[s * k + c], sum, nearestTo: c };
    });
    return [cells, means.subarray(s * k * nColumns, (s + 1) * k * nColumns)];
  });
}

function fitCells({ arrays }: Message, nColumns: number): Cell[] {
  return Array.from(arrays.counts.data, (rows, c) => {
    const isSent = arrays.sent.data[c] === 1;
    const sum = isSent ? Array.from(arrays.sums.data.subarray(c * nColumns, (c + 1) * nColumns)) : null;
    return { rows, sum, nearestTo: c };
  });
}

/** A cell's sum in the features' units; null where the transform dropped some of them. */
export function rawSum({ rows, sum }: Cell, { normalization, projection }: Transform): number[] | null {
  if (sum === null || projection !== null) return null;
  if (normalization === null) return [...sum];
  const { mean, scale } = normalization;
  return sum.map((x, j) => x * scale[j] + rows * mean[j]);
}
