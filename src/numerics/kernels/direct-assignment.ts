import { BLOCK_ROWS } from "../assign.js";
import type { Assignment } from "../assignment.js";
import type { RandomStream } from "../random.js";
import { KernelMemory } from "./instance.js";

/** Bytes of rows up to which they stay in the kernel memory; more of them pass through it block by block. */
const SMALL_BYTES = 2 ** 20;

/** Whether rows, (n, d), are few enough to stay in the kernel memory, where `fit` needs them. */
export function fitsInMemory(rows: Float64Array): boolean {
  return rows.byteLength <= SMALL_BYTES;
}

/** Apart from the one of other kernels, so that rows stay in it while those compute. */
let memory: KernelMemory | undefined;

/** Relocates clusters without weight, if it can: changes sums and counts. */
export type Relocate = (
  labels: Int32Array,
  means: Float64Array,
  sums: Float64Array,
  counts: Float64Array,
) => void;

/** Nearest centroids by all distances, every time: for problems where bounds cost more than they save. */
export class DirectAssignment implements Assignment {
  readonly labels: Int32Array;
  readonly #rows: Float64Array;
  readonly #d: number;
  readonly #weights: Float64Array | null;
  readonly #memory: KernelMemory;
  /** Whether the rows stay in the memory, or pass through it block by block. */
  readonly #stays: boolean;
  /** Clusters there is room for. */
  #mostClusters: number;
  #area: Area | null = null;
  #sums = new Float64Array();
  #counts = new Float64Array();
  #inertia = 0;

  /**
   * @param rows (n, d) row-major, n >= 1; may not change
   * @param d number of features
   * @param k how many centroids are to be expected
   * @param weights (n,) non-negative, or null for 1 each
   */
  constructor(rows: Float64Array, d: number, k: number, weights: Float64Array | null) {
    memory ??= new KernelMemory();
    this.#memory = memory;
    this.#stays = fitsInMemory(rows);
    this.labels = new Int32Array(rows.length / d);
    this.#rows = rows;
    this.#d = d;
    this.#weights = weights;
    this.#mostClusters = k;
  }

  assign(centroids: Float64Array): void {
    const k = centroids.length / this.#d;
    const area = this.#areaFor(k);
    area.centroids.set(centroids);
    this.#inertia = this.#stays ? this.#assign(area, k) : this.#assignBlocks(area, k);
    if (this.#stays) this.labels.set(area.labels);
    // Copied at once: whoever is next writes over the memory.
    this.#sums = area.sums.slice(0, centroids.length);
    this.#counts = area.counts.slice(0, k);
  }

  sums(): { sums: Float64Array; counts: Float64Array } {
    return { sums: this.#sums, counts: this.#counts };
  }

  inertia(): number {
    return this.#inertia;
  }

  restart(): void {}

  /**
   * One restart of `kMeans` on rows that fit in memory: draws a start and takes Lloyd steps from it.
   *
   * @param k how many clusters are wanted, at most n
   * @param random the draws
   * @param nCandidates of each draw
   * @param isSeedingWeighted whether the draws know the weights
   * @param maxIterations Lloyd steps, at least 1
   * @param threshold squared length of the step that is the last
   * @param relocate called for a step in which a cluster has no weight, before it is taken
   * @returns what `read` needs, good until the next call, and the inertia with weights
   */
  fit(
    k: number,
    random: RandomStream,
    nCandidates: number,
    isSeedingWeighted: boolean,
    maxIterations: number,
    threshold: number,
    relocate: Relocate,
  ): { inertia: number; read: () => { means: Float64Array; counts: Float64Array } } {
    const area = this.#areaFor(k);
    const m = this.#draw(area, k, random, nCandidates, isSeedingWeighted);
    const means = area.centroids.subarray(0, m * this.#d);
    const sums = area.sums.subarray(0, m * this.#d);
    const counts = area.counts.subarray(0, m);
    this.#iterate(area, m, maxIterations, threshold, () => relocate(area.labels, means, sums, counts));
    // Those of the last step: the inertia, after it, counts anew.
    const lastCounts = counts.slice();
    const inertia = this.#assign(area, m);
    const { at } = area;
    const n = this.labels.length;
    return {
      inertia:
        this.#weights === null ? inertia : this.#memory.kernels.weightedSum(at.distances, at.weights, n),
      read: () => ({ means: means.slice(), counts: lastCounts }),
    };
  }

  #draw(area: Area, k: number, random: RandomStream, nCandidates: number, isWeighted: boolean): number {
    const { at } = area;
    this.#memory.random = random;
    return this.#memory.kernels.drawStart(
      at.rows,
      at.columns,
      area.stride,
      this.labels.length,
      this.#d,
      k,
      isWeighted && this.#weights !== null ? at.weights : 0,
      at.distances,
      at.cumulative,
      nCandidates,
      at.panels,
      at.tried,
      at.potentials,
      at.centroids,
    );
  }

  #iterate(area: Area, k: number, maxIterations: number, threshold: number, relocate: () => void): void {
    const { at } = area;
    const { kernels } = this.#memory;
    for (let steps = 0; ; ) {
      steps = kernels.iterateDirect(...this.#problem(area, k), steps, maxIterations, threshold);
      if (steps >= 0) return;
      relocate();
      steps = -steps;
      if (kernels.stepCentroids(at.centroids, k, this.#d, at.sums, at.counts) <= threshold) return;
    }
  }

  #assign(area: Area, k: number): number {
    area.sums.fill(0);
    area.counts.fill(0);
    return this.#memory.kernels.assignDirect(...this.#problem(area, k));
  }

  #assignBlocks(area: Area, k: number): number {
    const { kernels } = this.#memory;
    const { at, stride } = area;
    const n = this.labels.length;
    const d = this.#d;
    area.sums.fill(0);
    area.counts.fill(0);
    let inertia = 0;
    for (let start = 0; start < n; start += BLOCK_ROWS) {
      const m = Math.min(n, start + BLOCK_ROWS) - start;
      area.rows.set(this.#rows.subarray(start * d, (start + m) * d));
      if (this.#weights !== null) area.weights.set(this.#weights.subarray(start, start + m));
      kernels.transpose(at.rows, m, d, at.columns, stride);
      inertia += kernels.assignDirect(...this.#problem(area, k, m));
      this.labels.set(m === BLOCK_ROWS ? area.labels : area.labels.subarray(0, m), start);
    }
    return inertia;
  }

  #problem({ at, stride }: Area, k: number, n = this.labels.length): number[] {
    return [
      at.rows,
      at.columns,
      stride,
      n,
      this.#d,
      at.centroids,
      k,
      this.#weights === null ? 0 : at.weights,
      at.labels,
      at.distances,
      at.blockSums,
      at.sums,
      at.counts,
    ];
  }

  #areaFor(k: number): Area {
    if (this.#area !== null && this.#area.layout === this.#memory.layout && k <= this.#mostClusters) {
      return this.#area;
    }
    this.#mostClusters = Math.max(k, this.#mostClusters);
    const held = this.#stays ? this.labels.length : BLOCK_ROWS;
    const area = openArea(this.#memory, held, this.#d, this.#mostClusters, this.#weights !== null);
    if (this.#stays) {
      area.rows.set(this.#rows);
      this.#memory.kernels.transpose(area.at.rows, held, this.#d, area.at.columns, area.stride);
      if (this.#weights !== null) area.weights.set(this.#weights);
    }
    this.#area = area;
    return this.#area;
  }
}

type Area = ReturnType<typeof openArea>;

/** Kernels take up to four rows at a time; what is past the last may be any numbers. */
const SPARE_ROWS = 3;
/** More than 2 + ln k is for any k there could be. */
const MOST_CANDIDATES = 48;

/**
 * Rows of a column in memory. Columns that begin near a multiple of 4096 bytes apart would take one another's place
 * in the processor's first cache.
 */
function strideOf(n: number): number {
  const stride = 4 * Math.ceil(n / 4);
  const past = (stride * 8) % 4096;
  return past < 64 || past > 4032 ? stride + 16 : stride;
}

/**
 * Lays out the memory.
 *
 * @param n rows at a time
 * @param k clusters there is room for
 */
function openArea(memory: KernelMemory, n: number, d: number, k: number, isWeighted: boolean) {
  const stride = strideOf(n);
  const at = memory.layOut({
    rows: (n + SPARE_ROWS) * d * 8,
    columns: d * stride * 8,
    weights: isWeighted ? n * 8 : 0,
    centroids: k * d * 8,
    labels: stride * 4,
    distances: stride * 8,
    cumulative: n * 8,
    panels: MOST_CANDIDATES * d * 8,
    tried: MOST_CANDIDATES * 4,
    potentials: MOST_CANDIDATES * 8,
    blockSums: k * d * 8,
    sums: k * d * 8,
    counts: k * 8,
  });
  const { buffer } = memory;
  const floats = (address: number, length: number) => new Float64Array(buffer, address, length);
  return {
    at,
    stride,
    layout: memory.layout,
    rows: floats(at.rows, n * d),
    weights: floats(at.weights, isWeighted ? n : 0),
    centroids: floats(at.centroids, k * d),
    labels: new Int32Array(buffer, at.labels, n),
    sums: floats(at.sums, k * d),
    counts: floats(at.counts, k),
  };
}
