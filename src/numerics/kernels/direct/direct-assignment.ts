import type { Assignment } from "../../assignment.js";
import { countRows } from "../../matrix.js";
import type { Uniforms } from "../../random.js";
import { copyFloats } from "../../small-arrays.js";
import { KernelMemory } from "../memory/instance.js";
import { type Area, type AreaShape, openArea } from "./direct-area.js";

/** Bytes of rows up to which they stay in the kernels' memory. */
const SMALL_BYTES = 2 ** 20;

/** Whether rows, (n, d), are few enough for `DirectAssignment`. */
export function fitsInMemory(rows: Float64Array): boolean {
  return rows.byteLength <= SMALL_BYTES;
}

/** Apart from the one of other kernels, so that rows stay in it while those compute. */
let memory: KernelMemory | undefined;
/** How the memory is laid out, and whose rows are in it. */
let current: Tenancy | null = null;

interface Tenancy {
  owner: DirectAssignment;
  shape: AreaShape;
  area: Area;
  /** The centroids to which labels, sums and counts there belong, if to any. */
  assigned: Float64Array | null;
}

/** A restart of k-means. */
export interface FitOptions {
  /** Candidates of each draw. */
  readonly nCandidates: number;
  /** Whether the draws know the weights. */
  readonly isSeedingWeighted: boolean;
  /** Lloyd steps, at least 1. */
  readonly maxIterations: number;
  /** Squared length of the step that is the last. */
  readonly threshold: number;
}

/** A step that is not yet taken, with clusters that have no weight: to be changed. */
export interface WaitingStep {
  readonly labels: Int32Array;
  readonly means: Float64Array;
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

/** Nearest centroids by all distances, every time, of few rows, which stay in the memory of the kernels. */
export class DirectAssignment implements Assignment {
  readonly #rows: Float64Array;
  readonly #weights: Float64Array | null;
  readonly #memory: KernelMemory;
  #shape: AreaShape;
  #centroids: Float64Array = new Float64Array();
  #inertia = 0;
  #labels: Int32Array | null = null;
  /** Whether they are those of the last assignment. */
  #hasLabels = false;

  /**
   * @param rows (n, d) row-major, n >= 1; may not change
   * @param d number of features
   * @param k how many centroids are to be expected
   * @param weights (n,) non-negative, or null for 1 each
   */
  constructor(rows: Float64Array, d: number, k: number, weights: Float64Array | null) {
    const n = countRows(rows, d);
    memory ??= new KernelMemory();
    this.#memory = memory;
    this.#rows = rows;
    this.#weights = weights;
    this.#shape = shapeOf(n, d, k, weights !== null);
  }

  assign(centroids: Float64Array): void {
    const area = this.#areaFor(centroids.length / this.#shape.d);
    area.centroids.set(centroids);
    this.#centroids = centroids;
    this.#hasLabels = false;
    this.#inertia = this.#assign(area);
    current!.assigned = centroids;
  }

  get labels(): Int32Array {
    this.#labels ??= new Int32Array(this.#shape.n);
    if (!this.#hasLabels) this.#labels.set(this.#assignedArea().labels);
    this.#hasLabels = true;
    return this.#labels;
  }

  sums(): { sums: Float64Array; counts: Float64Array } {
    const { sums, counts } = this.#assignedArea();
    const { length } = this.#centroids;
    return { sums: copyFloats(sums, length), counts: copyFloats(counts, length / this.#shape.d) };
  }

  inertia(): number {
    return this.#inertia;
  }

  restart(): void {}

  close(): void {}

  /**
   * One restart of `kMeans` on rows that fit in memory: draws a start and takes Lloyd steps from it.
   *
   * @param k how many clusters are wanted, at most n
   * @param random the draws
   * @param relocate called for a step in which a cluster has no weight, before it is taken
   * @returns what `read` needs, good until the next call, and the inertia
   */
  fit(
    k: number,
    random: Uniforms,
    { nCandidates, isSeedingWeighted, maxIterations, threshold }: FitOptions,
    relocate: (step: WaitingStep) => void,
  ): { inertia: number; read: () => { means: Float64Array; counts: Float64Array } } {
    const area = this.#areaFor(k);
    const { problem } = area;
    const { kernels } = this.#memory;
    problem.set({ nCandidates, drawWeights: isSeedingWeighted ? area.weightsAddress : 0 });
    this.#memory.random = random;
    const m = kernels.drawStart(problem.address);
    problem.set({ k: m });
    const means = area.centroids.subarray(0, m * this.#shape.d);
    const sums = area.sums.subarray(0, m * this.#shape.d);
    const counts = area.counts.subarray(0, m);
    for (let steps = 0; ; ) {
      steps = kernels.iterateDirect(problem.address, steps, maxIterations, threshold);
      if (steps >= 0) break;
      relocate({ labels: area.labels, means, sums, counts });
      steps = -steps;
      if (kernels.stepCentroids(problem.address) <= threshold) break;
    }
    // Those of the last step: the inertia, after it, counts anew.
    const lastCounts = counts.slice();
    const inertia = this.#assign(area);
    return { inertia, read: () => ({ means: means.slice(), counts: lastCounts }) };
  }

  #assign(area: Area): number {
    area.sums.fill(0);
    area.counts.fill(0);
    return this.#memory.kernels.assignDirect(area.problem.address);
  }

  /** The area as the last assignment left it. Labels and sums are copied from it only for callers that ask for them. */
  #assignedArea(): Area {
    if (current === null || current.owner !== this || current.assigned !== this.#centroids) {
      this.assign(this.#centroids);
    }
    return current!.area;
  }

  #areaFor(k: number): Area {
    if (current !== null && current.owner === this && k <= this.#shape.k) {
      current.assigned = null;
      current.area.problem.set({ k });
      return current.area;
    }
    if (k > this.#shape.k) this.#shape = shapeOf(this.#shape.n, this.#shape.d, k, this.#shape.isWeighted);
    const shape = this.#shape;
    // Of thousands of clients many have the same shape: an area that was laid out for one serves the next.
    const area =
      current !== null && isSame(current.shape, shape) ? current.area : openArea(this.#memory, shape);
    current = { owner: this, shape, area, assigned: null };
    area.rows.set(this.#rows);
    area.problem.set({ k });
    area.transpose(shape.n);
    if (this.#weights !== null) area.weights.set(this.#weights);
    return area;
  }
}

/** The one place where shapes are made: the engine then compiles one version of the code that takes them. */
function shapeOf(n: number, d: number, k: number, isWeighted: boolean): AreaShape {
  return { n, nInArea: n, d, k, isWeighted };
}

function isSame(a: AreaShape, b: AreaShape): boolean {
  return a.n === b.n && a.d === b.d && a.k === b.k && a.isWeighted === b.isWeighted;
}
