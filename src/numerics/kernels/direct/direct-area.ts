import type { KernelMemory } from "../memory/instance.js";

/** Kernels take up to four rows at a time; what is past the last may be any numbers. */
const SPARE_ROWS = 3;
/** No fewer candidates than k-means++ tries for a centroid, which are 2 + ln k; an even number. */
function mostCandidates(k: number): number {
  return 2 * Math.ceil((2 + Math.log2(k)) / 2);
}

/**
 * Rows of a column in memory. Columns that begin near a multiple of 4096 bytes apart would take one another's place
 * in the processor's first cache.
 */
function strideOf(n: number): number {
  const stride = 4 * Math.ceil(n / 4);
  const past = (stride * 8) % 4096;
  return past < 64 || past > 4032 ? stride + 16 : stride;
}

export interface AreaShape {
  /** Rows at a time, and of them those that are to lie in the area: all or none. */
  readonly n: number;
  readonly nInArea: number;
  readonly d: number;
  /** Clusters there is room for. */
  readonly k: number;
  readonly isWeighted: boolean;
}

type Region =
  | "rows"
  | "columns"
  | "weights"
  | "centroids"
  | "labels"
  | "distances"
  | "cumulative"
  | "panels"
  | "tried"
  | "potentials"
  | "tries"
  | "blockSums"
  | "sums"
  | "counts";

/** Where things lie, and views of what is written and read. */
export interface Area {
  readonly at: Readonly<Record<Region, number>>;
  /** Rows of a column in memory. */
  readonly stride: number;
  /** Holds as long as this is the memory's. */
  readonly layout: number;
  readonly rows: Float64Array;
  readonly weights: Float64Array;
  readonly centroids: Float64Array;
  readonly labels: Int32Array;
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

/** Bytes of each region. */
export function areaSizes({ n, nInArea, d, k, isWeighted }: AreaShape): Record<Region, number> {
  const stride = strideOf(n);
  const nCandidates = mostCandidates(k);
  return {
    rows: (nInArea + SPARE_ROWS) * d * 8,
    columns: d * stride * 8,
    weights: isWeighted ? n * 8 : 0,
    centroids: k * d * 8,
    labels: stride * 4,
    distances: stride * 8,
    cumulative: n * 8,
    panels: nCandidates * d * 8,
    tried: nCandidates * 4,
    potentials: nCandidates * 8,
    tries: nInArea * nCandidates * 8,
    blockSums: k * d * 8,
    sums: k * d * 8,
    counts: k * 8,
  };
}

/** Lays out the memory in which rows are assigned by all distances. */
export function openArea(memory: KernelMemory, shape: AreaShape): Area {
  const { n, nInArea, d, k, isWeighted } = shape;
  const at = memory.layOut(areaSizes(shape));
  const { buffer } = memory;
  const floats = (address: number, length: number) => new Float64Array(buffer, address, length);
  return {
    at,
    stride: strideOf(n),
    layout: memory.layout,
    rows: floats(at.rows, nInArea * d),
    weights: floats(at.weights, isWeighted ? n : 0),
    centroids: floats(at.centroids, k * d),
    labels: new Int32Array(buffer, at.labels, n),
    sums: floats(at.sums, k * d),
    counts: floats(at.counts, k),
  };
}

/**
 * What kernels take of a problem.
 *
 * @param n rows, @param k centroids
 * @param rows address, if they do not lie in the area
 */
export function directProblem(
  { at, stride }: Area,
  { d, isWeighted }: AreaShape,
  n: number,
  k: number,
  rows: number = at.rows,
): number[] {
  return [
    rows,
    at.columns,
    stride,
    n,
    d,
    at.centroids,
    k,
    isWeighted ? at.weights : 0,
    at.labels,
    at.distances,
    at.blockSums,
    at.sums,
    at.counts,
  ];
}
