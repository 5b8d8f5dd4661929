import { SPARE_ROWS } from "../constants.js";
import type { KernelMemory } from "../memory/instance.js";
import { DIRECT_PROBLEM } from "../memory/layouts.js";
import { Struct } from "../memory/struct.js";

/** Kernels that assign rows by all distances; each takes the address of a DirectProblem, see problem.as.ts. */
export interface DirectKernels {
  assignDirect(problem: number): number;
  drawStart(problem: number): number;
  iterateDirect(problem: number, steps: number, mostSteps: number, threshold: number): number;
  stepCentroids(problem: number): number;
  transpose(rows: number, n: number, d: number, columns: number, stride: number): void;
}

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

/** Where rows are assigned by all distances: the problem, and views of what is written and read. */
export interface Area {
  readonly problem: Struct<typeof DIRECT_PROBLEM>;
  /** Holds as long as this is the memory's. */
  readonly layout: number;
  readonly rows: Float64Array;
  readonly weights: Float64Array;
  /** Of `weights`; 0 for weights of 1. */
  readonly weightsAddress: number;
  readonly centroids: Float64Array;
  readonly labels: Int32Array;
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  /** Turns rows at an address, or those that lie here, into columns. */
  transpose(n: number, rows?: number): void;
}

type Region = "problem" | keyof (typeof DIRECT_PROBLEM)["usize"];

/** Bytes of each region. */
export function areaSizes({ n, nInArea, d, k, isWeighted }: AreaShape): Record<Region, number> {
  const stride = strideOf(n);
  const nCandidates = mostCandidates(k);
  return {
    problem: DIRECT_PROBLEM.bytes,
    rows: (nInArea + SPARE_ROWS) * d * 8,
    columns: d * stride * 8,
    weights: isWeighted ? n * 8 : 0,
    // They are `weights`, where they are used.
    drawWeights: 0,
    centroids: k * d * 8,
    labels: stride * 4,
    distances: stride * 8,
    cumulative: n * 8,
    candidates: nCandidates * d * 8,
    candidateRows: nCandidates * 4,
    potentials: nCandidates * 8,
    candidateDistances: nInArea * nCandidates * 8,
    blockSums: k * d * 8,
    sums: k * d * 8,
    counts: k * 8,
  };
}

/** Lays out the memory in which rows are assigned by all distances. */
export function openArea(memory: KernelMemory, shape: AreaShape): Area {
  const { n, nInArea, d, k, isWeighted } = shape;
  const { problem, ...addresses } = memory.layOut(areaSizes(shape));
  const stride = strideOf(n);
  const { buffer, kernels } = memory;
  const floats = (address: number, length: number) => new Float64Array(buffer, address, length);
  const fields = { ...addresses, n, d, k, stride, nCandidates: 0 };
  return {
    problem: new Struct(DIRECT_PROBLEM, memory, problem, fields),
    layout: memory.layout,
    rows: floats(addresses.rows, nInArea * d),
    weights: floats(addresses.weights, isWeighted ? n : 0),
    weightsAddress: addresses.weights,
    centroids: floats(addresses.centroids, k * d),
    labels: new Int32Array(buffer, addresses.labels, n),
    sums: floats(addresses.sums, k * d),
    counts: floats(addresses.counts, k),
    transpose: (m, rows = addresses.rows) => kernels.transpose(rows, m, d, addresses.columns, stride),
  };
}
