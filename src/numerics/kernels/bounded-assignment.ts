import { BLOCK_ROWS, squaredDistance } from "../assign.js";
import type { Assignment } from "../assignment.js";
import { type TakenRows, takeRows } from "./held-rows.js";
import type { KernelExports } from "./instance.js";
import {
  fillPanels,
  fillSinglePanels,
  type Grouping,
  groupCentroids,
  groupSizes,
  LANES,
  oneGroup,
} from "./panels.js";
import { PROBLEM_BYTES, Problem, type ProblemSizes, scratchBytes } from "./problem.js";

/** Features from which on float32 screens before float64 decides, and a row may have as many bounds as features. */
const LEAST_SCREENED = 8;
/** Share of distances left in doubt by bounds above which it is quicker to compute all of them in bulk. */
const SCREENED_SHARE = 0.15;
const SCANNED_SHARE = 0.4;
/** Of a float32 against its float64, and what stands in for it near 0. */
const SINGLE = 1e-6;
const SINGLE_TINY = 1e-30;
/** Lengths from which on float32 products might overflow. */
const LONGEST = 1e18;
/** Rows of a batch should stay in the processor's second cache beside the centroids. */
const BATCH_BYTES = 256 * 1024;
/** Kernels that take four rows at a time look past the last. */
const SPARE_ROWS = 3;

/**
 * Nearest centroids of the same rows again and again, as the centroids move. Keeps bounds on each row's
 * distances, so that a row whose nearest centroid cannot have changed costs next to nothing. Labels, inertia
 * and sums are bit for bit those of `assign` and `clusterSums`.
 *
 * Bounds are on true distances and allow for rounding: see assembly/bounds.ts. Beside the rows it holds, for
 * each row, 16 + 4 * groups bytes, and sums of each cluster in each block of rows.
 *
 * @see Hamerly, Making k-means even faster, SDM 2010 (one group); Ding et al., Yinyang k-means, ICML 2015
 * (groups); Newling & Fleuret, Fast k-means with accurate bounds, ICML 2016 (drift added up, not taken away)
 */
export class BoundedAssignment implements Assignment {
  #held: TakenRows;
  readonly #d: number;
  readonly #n: number;
  readonly #weights: Float64Array | null;
  readonly #slack: number;
  #known: Known | null = null;
  #startsOver = false;
  readonly #labels: Int32Array;
  /** Whether they are those of the last assignment: they are copied for who asks. */
  #hasLabels = false;
  #sums: Float64Array = new Float64Array(0);
  #counts: Float64Array = new Float64Array(0);

  private constructor(held: TakenRows, d: number, weights: Float64Array | null) {
    this.#held = held;
    this.#d = d;
    this.#n = held.rows.length / d;
    this.#weights = weights;
    this.#labels = new Int32Array(this.#n);
    this.#slack = Math.max(1e-12, (d + 16) * 2 ** -51);
  }

  /**
   * @param rows (n, d) row-major, n >= 1; may not change
   * @param d number of features
   * @param k how many centroids are to be expected
   * @param weights (n,) non-negative, for the sums; null for 1 each
   * @returns null if there is no memory for it
   */
  static open(
    rows: Float64Array,
    d: number,
    k: number,
    weights: Float64Array | null,
  ): BoundedAssignment | null {
    const held = takeRows(rows, sizesOf(rows.length / d, d, k, weights !== null));
    return held === null ? null : new BoundedAssignment(held, d, weights);
  }

  /**
   * Assigns each row to its nearest centroid.
   *
   * @param centroids (k, d) row-major; any k, but only the k of the time before profits from it
   */
  assign(centroids: Float64Array): void {
    if (!this.#startsOver && this.#isKnown() && centroids.length === this.#known!.centroids.length) {
      this.#drift(this.#known!, centroids);
      this.#enter(this.#known!, centroids);
      this.#kernels.moveBounded(this.#known!.problem.address);
    } else {
      this.#known = this.#begin(centroids);
      this.#enter(this.#known, centroids);
      this.#kernels.beginBounded(this.#known.problem.address);
    }
    // Copied at once: whoever lays the memory out anew, writes over them.
    const { problem } = this.#known!;
    this.#startsOver = false;
    this.#hasLabels = false;
    this.#kernels.total(problem.address);
    this.#sums = problem.float64s("sums", centroids.length).slice();
    this.#counts = problem.float64s("counts", centroids.length / this.#d).slice();
  }

  /** (n,) index of each row's centroid. Not to be written to. */
  get labels(): Int32Array {
    if (!this.#hasLabels) {
      if (!this.#isKnown()) this.assign(this.#known!.centroids);
      this.#labels.set(this.#known!.problem.int32s("labels", this.#n));
      this.#hasLabels = true;
    }
    return this.#labels;
  }

  /** Forgets what is known of the rows: the centroids to come have nothing to do with those before. */
  restart(): void {
    this.#startsOver = true;
  }

  close(): void {
    this.#known = null;
    this.#held.release();
  }

  sums(): { sums: Float64Array; counts: Float64Array } {
    return { sums: this.#sums, counts: this.#counts };
  }

  /** Sum of squared distances of the rows to their centroids. Cost n * d. */
  inertia(): number {
    if (!this.#isKnown()) this.assign(this.#known!.centroids);
    return this.#kernels.inertia(this.#known!.problem.address);
  }

  get #kernels(): KernelExports {
    return this.#held.memory.kernels;
  }

  /** Whether what is known of the rows still lies in memory. */
  #isKnown(): boolean {
    return this.#known !== null && this.#known.problem.layout === this.#held.memory.layout;
  }

  /** Makes room to know things in. */
  #begin(centroids: Float64Array): Known {
    const n = this.#n;
    const d = this.#d;
    const k = centroids.length / d;
    const plan = planOf(d, k);
    const sizes = sizesOf(n, d, k, this.#weights !== null);
    if (!this.#held.memory.hasRoomFor(sizes)) this.#holdAnew(sizes);
    const { nGroups, panelsPerGroup, nBounds, nLanes, hasEach } = plan;
    const grouping = hasEach ? oneGroup(k) : groupCentroids(centroids, d, plan.mostGroups);
    const centre = plan.screens ? meanRow(centroids, d) : null;
    const { memory, address } = this.#held;
    const counts = { n, d, k, batchRows: batchRowsOf(d), nGroups, panelsPerGroup, nBounds };
    const problem = new Problem(memory, counts, sizes, { rows: address });
    problem.float64s("indices", nLanes).set(grouping.lanes);
    problem.int32s("groups", k).set(grouping.groups);
    if (centre !== null) {
      problem.float64s("centre", d).set(centre);
      problem.int32s("singleIndices", nLanes).set(grouping.lanes);
    }
    if (this.#weights !== null) problem.float64s("weights", n).set(this.#weights);
    return {
      problem,
      grouping,
      hasEach,
      centre,
      centroids,
      anyDrift: 0,
      groupDrifts: problem.float64s("groupDrifts", nGroups).fill(0),
      drifts: problem.float64s("drifts", k).fill(0),
      singleDrifts: problem.float32s("singleDrifts", 2 * nBounds).fill(0),
    };
  }

  /** More centroids than were expected. */
  #holdAnew(sizes: ProblemSizes): void {
    const held = takeRows(this.#held.rows, sizes);
    if (held === null) throw new RangeError("no memory for so many centroids");
    this.#held.release();
    this.#held = held;
  }

  /** Writes centroids into the memory. */
  #enter(known: Known, centroids: Float64Array): void {
    const d = this.#d;
    const { problem, grouping, hasEach, centre } = known;
    const { lanes } = grouping;
    known.centroids = centroids.slice();
    problem.float64s("centroids", centroids.length).set(centroids);
    problem.float64s("halves", centroids.length / d).set(halfGaps(centroids, d, this.#n, this.#slack));
    if (!hasEach) fillPanels(centroids, d, lanes, problem.float64s("panels", lanes.length * d));
    let longest = Infinity;
    if (centre !== null) {
      const singlePanels = problem.float32s("singlePanels", lanes.length * d);
      const norms = problem.float32s("norms", lanes.length);
      longest = fillSinglePanels(centroids, centre, lanes, singlePanels, norms);
    }
    const screens = longest < LONGEST;
    problem.setFloats({
      slack: this.#slack,
      anyDrift: known.anyDrift,
      longest: screens ? longest : Infinity,
      share: hasEach ? eachShare(d, centroids.length / d) : screens ? SCREENED_SHARE : SCANNED_SHARE,
    });
  }

  /** Adds up how far each centroid, each group and any centroid has moved at most. */
  #drift(known: Known, centroids: Float64Array): void {
    const { groups, nGroups } = known.grouping;
    const groupSteps = new Float64Array(nGroups);
    let anyStep = 0;
    for (let c = 0; c < groups.length; c++) {
      const squared = squaredDistance(known.centroids, c, centroids, c, this.#d);
      if (squared === 0 && equalRows(known.centroids, centroids, c, this.#d)) continue;
      const step = Math.sqrt(squared) * (1 + this.#slack) + 1e-150;
      known.drifts[c] = (known.drifts[c] + step) * (1 + 2 ** -52);
      groupSteps[groups[c]] = Math.max(groupSteps[groups[c]], step);
      anyStep = Math.max(anyStep, step);
    }
    for (let g = 0; g < nGroups; g++) {
      known.groupDrifts[g] = (known.groupDrifts[g] + groupSteps[g]) * (1 + 2 ** -52);
    }
    if (known.hasEach) {
      const nBounds = known.singleDrifts.length / 2;
      known.drifts.forEach((drift, c) => {
        known.singleDrifts[c] = Math.max(0, drift * (1 - SINGLE) - SINGLE_TINY);
        known.singleDrifts[nBounds + c] = drift * (1 + SINGLE) + SINGLE_TINY;
      });
    }
    known.anyDrift = (known.anyDrift + anyStep) * (1 + 2 ** -52);
  }
}

/** What there is for each row and centroid. */
function planOf(d: number, k: number) {
  const screens = d >= LEAST_SCREENED && k > LANES;
  const hasEach = screens && k <= d;
  const mostGroups = hasEach ? 1 : screens ? d : Math.ceil(k / 32);
  const { nGroups, panelsPerGroup } = groupSizes(k, mostGroups);
  const nLanes = nGroups * panelsPerGroup * LANES;
  return {
    /** Whether float32 screens. */
    screens,
    /** Whether there is a bound for each centroid, not only for each group. */
    hasEach,
    mostGroups,
    nGroups,
    panelsPerGroup,
    nLanes,
    nBounds: hasEach ? nLanes : nGroups,
  };
}

function batchRowsOf(d: number): number {
  return Math.max(16, Math.min(BLOCK_ROWS, Math.floor(BATCH_BYTES / (8 * d) / 4) * 4));
}

/** Bytes of each region. */
function sizesOf(n: number, d: number, k: number, isWeighted: boolean): ProblemSizes {
  const { screens, hasEach, nGroups, panelsPerGroup, nLanes, nBounds } = planOf(d, k);
  const batchRows = batchRowsOf(d);
  return {
    problem: PROBLEM_BYTES,
    scratch: scratchBytes(nGroups, panelsPerGroup),
    centroids: k * d * 8,
    panels: hasEach ? 0 : nLanes * d * 8,
    indices: nLanes * 8,
    groups: k * 4,
    groupDrifts: nGroups * 8,
    drifts: k * 8,
    singleDrifts: 2 * nBounds * 4,
    halves: k * 8,
    centre: d * 8,
    singlePanels: screens ? nLanes * d * 4 : 0,
    norms: nLanes * 4,
    singleIndices: nLanes * 4,
    singles: 4 * d * 8,
    active: (BLOCK_ROWS + SPARE_ROWS) * 4,
    before: batchRows * 4,
    distances: batchRows * 8,
    others: batchRows * nGroups * 8,
    dirty: k,
    stale: k,
    sums: k * d * 8,
    counts: k * 8,
    labels: n * 4,
    uppers: n * 4,
    lowers: n * 4,
    bounds: nBounds === 1 ? 0 : n * nBounds * 4,
    ...(isWeighted ? { weights: n * 8 } : {}),
    blockSums: Math.ceil(n / BLOCK_ROWS) * k * d * 8,
  };
}

/** What is known of the rows, and where. */
interface Known {
  readonly problem: Problem;
  readonly grouping: Grouping;
  /** Whether there is a bound for each centroid, not only for each group. */
  readonly hasEach: boolean;
  /** (d,) amid the rows, for kernels in float32; null if they are not used. */
  readonly centre: Float64Array | null;
  /** (k, d) as they were last. */
  centroids: Float64Array;
  /** How far any centroid, (nGroups,) any of a group and (k,) each has moved; the latter two are views of memory. */
  anyDrift: number;
  readonly groupDrifts: Float64Array;
  readonly drifts: Float64Array;
  /** (2, nBounds) `drifts` rounded down, and rounded up; a view of memory. */
  readonly singleDrifts: Float32Array;
}

/** The share as above, where each centroid has a bound: instructions of either way, as they were measured to weigh. */
function eachShare(d: number, k: number): number {
  const inBulk = k * (0.7 * d + 8) + 1.5 * d + 100;
  const oneByOne = 2.5 * d + 180;
  return (inBulk / oneByOne - 1) / k;
}

/** Half of each centroid's distance to its nearest neighbour, at most; 0 where that costs more than it saves. */
function halfGaps(centroids: Float64Array, d: number, n: number, slack: number): Float64Array {
  const k = centroids.length / d;
  const halves = new Float64Array(k);
  if (k * k * 4 > n) return halves;
  const squares = new Float64Array(k).fill(Infinity);
  for (let a = 0; a < k; a++) {
    for (let b = a + 1; b < k; b++) {
      const squared = squaredDistance(centroids, a, centroids, b, d);
      if (squared < squares[a]) squares[a] = squared;
      if (squared < squares[b]) squares[b] = squared;
    }
  }
  for (let c = 0; c < k; c++) halves[c] = Math.min(1e38, (Math.sqrt(squares[c]) * (1 - slack)) / 2 - 1e-150);
  return halves;
}

function equalRows(a: Float64Array, b: Float64Array, row: number, d: number): boolean {
  for (let f = row * d; f < (row + 1) * d; f++) if (a[f] !== b[f]) return false;
  return true;
}

function meanRow(rows: Float64Array, d: number): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0; i < rows.length; i++) mean[i % d] += rows[i] / (rows.length / d);
  return mean;
}
