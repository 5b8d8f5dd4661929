import type { Assignment } from "../../assignment.js";
import { BLOCK_ROWS } from "../../blocks.js";
import { countRows } from "../../matrix.js";
import { type RowKernel, rowHelpers, rowTask } from "../../row-helpers.js";
import { LONGEST } from "../constants.js";
import { type HeldRows, type TakenRows, takeRows } from "../memory/held-rows.js";
import type { KernelExports } from "../memory/instance.js";
import { addDrifts, type Drifts, halfSeparations } from "./drifts.js";
import { fillFloat32Panels, fillPanels, type Grouping, groupCentroids, LANES, oneGroup } from "./panels.js";
import { type BoundedPlan, bulkShare, planOf, sizesOf } from "./plan.js";
import { Problem, type ProblemSizes } from "./problem.js";
import { ProblemCopies } from "./problem-copies.js";

/** Rows from which on other threads are asked to help. */
const LEAST_SHARED_ROWS = 2 ** 14;
/** Where a lane has no centroid. */
const NO_PLACE = 0x7fffffff;

/**
 * Nearest centroids of the same rows again and again, as the centroids move. Keeps bounds on each row's
 * distances, so that a row whose nearest centroid cannot have changed costs next to nothing. Labels, inertia
 * and sums are bit for bit those of every distance computed.
 *
 * Bounds are on true distances and allow for rounding: see bounds.as.ts. Beside the rows it holds, for
 * each row, 16 bytes and 4 for each bound (see plan.ts), and sums of each cluster in each block of rows.
 *
 * @see Hamerly, Making k-means even faster, SDM 2010 (one group); Ding et al., Yinyang k-means, ICML 2015
 * (groups); Elkan, Using the triangle inequality to accelerate k-means, ICML 2003 (a bound for each centroid);
 * Newling & Fleuret, Fast k-means with accurate bounds, ICML 2016 (drift added up, not taken away)
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
  /** Whether those of the last assignment have been added up. */
  #hasInertias = false;
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
    const nHelpers = rowHelpers()?.size ?? 0;
    const held = takeRows(rows, sizesOf(countRows(rows, d), d, k, weights !== null, nHelpers));
    return held === null ? null : new BoundedAssignment(held, d, weights);
  }

  /**
   * Assigns each row to its nearest centroid.
   *
   * @param centroids (k, d) row-major; any k, but only the k of the time before profits from it
   * @param scores whether the inertia will be asked for: while the rows are at hand it costs least
   */
  assign(centroids: Float64Array, scores = false): void {
    if (!this.#startsOver && this.#isKnown() && centroids.length === this.#known!.centroids.length) {
      const { drifts, grouping, centroids: before } = this.#known!;
      addDrifts(drifts, grouping, before, centroids, this.#d, this.#slack);
      this.#enter(this.#known!, centroids, scores);
      this.#kernels.openMove(this.#known!.problem.address);
      this.#doBlocks("moveRows");
    } else {
      this.#known = this.#begin(centroids);
      this.#enter(this.#known, centroids, scores);
      const { address } = this.#known.problem;
      this.#kernels.openBegin(address);
      this.#doBlocks("beginRows");
      this.#kernels.countMembers(address);
    }
    // Copied at once: whoever lays the memory out anew, writes over them.
    const { problem } = this.#known!;
    this.#startsOver = false;
    this.#hasLabels = false;
    this.#hasInertias = scores;
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

  get held(): HeldRows {
    return this.#held;
  }

  sums(): { sums: Float64Array; counts: Float64Array } {
    return { sums: this.#sums, counts: this.#counts };
  }

  /** Sum of squared distances of the rows to their centroids. Cost n * d. */
  inertia(): number {
    if (!this.#isKnown()) this.assign(this.#known!.centroids);
    if (!this.#hasInertias) this.#doBlocks("inertiaRows");
    const nBlocks = Math.ceil(this.#n / BLOCK_ROWS);
    return this.#known!.problem.float64s("inertias", nBlocks).reduce((sum, inertia) => sum + inertia, 0);
  }

  /** Does all blocks, with the threads that help, if any do. */
  #doBlocks(kernel: RowKernel): void {
    const { problem, copies } = this.#known!;
    const { memory } = this.#held;
    if (copies === null) {
      memory.kernels[kernel](problem.address, 0, this.#n);
      return;
    }
    copies.prepare();
    const task = rowTask(kernel, this.#n, copies.address, copies.bytes);
    rowHelpers()!.share(task, memory.host, (from, to) => memory.kernels[kernel](problem.address, from, to));
    copies.gather();
  }

  /** Threads that may help, where the rows are. */
  #helpers(): number {
    const helpers = rowHelpers();
    const isShared = helpers !== null && this.#held.memory.isShared && this.#n >= LEAST_SHARED_ROWS;
    return isShared ? helpers.size : 0;
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
    const nHelpers = this.#helpers();
    const sizes = sizesOf(n, d, k, this.#weights !== null, nHelpers);
    if (!this.#held.memory.hasRoomFor(sizes)) this.#holdAnew(sizes);
    const { nGroups, panelsPerGroup, nBounds, nLanes, batchRows, isElkan } = plan;
    const grouping = isElkan ? oneGroup(k) : groupCentroids(centroids, d, plan.mostGroups);
    const centre = plan.screens ? meanRow(centroids, d) : null;
    const { memory, address } = this.#held;
    const counts = { n, d, k, batchRows, nGroups, panelsPerGroup, nBounds, isBulk: 0, scores: 0 };
    const problem = new Problem(memory, counts, sizes, address);
    problem.float64s("indices", nLanes).set(grouping.lanes);
    problem.int32s("groups", k).set(grouping.groups);
    if (centre !== null) {
      problem.float64s("centre", d).set(centre);
      problem.int32s("laneIndices", nLanes).set(grouping.lanes);
      const size = panelsPerGroup * LANES;
      const places = grouping.lanes.map((centroid, lane) => (centroid < 0 ? NO_PLACE : lane % size));
      problem.int32s("places", nLanes).set(places);
    }
    if (this.#weights !== null) problem.float64s("weights", n).set(this.#weights);
    return {
      problem,
      grouping,
      plan,
      centre,
      centroids,
      copies: nHelpers === 0 ? null : new ProblemCopies(problem, sizes, nHelpers, k),
      drifts: {
        any: 0,
        ofGroups: problem.float64s("groupDrifts", nGroups).fill(0),
        ofEach: problem.float64s("drifts", k).fill(0),
        float32: problem.float32s("float32Drifts", 2 * nBounds).fill(0),
      },
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
  #enter(known: Known, centroids: Float64Array, scores: boolean): void {
    const d = this.#d;
    const { problem, grouping, plan, centre } = known;
    const { lanes } = grouping;
    known.centroids = centroids.slice();
    problem.float64s("centroids", centroids.length).set(centroids);
    problem
      .float64s("halfSeparations", centroids.length / d)
      .set(halfSeparations(centroids, d, this.#n, this.#slack));
    if (!plan.isElkan) fillPanels(centroids, d, lanes, problem.float64s("panels", lanes.length * d));
    let largestNorm = Infinity;
    if (centre !== null) {
      const float32Panels = problem.float32s("float32Panels", lanes.length * d);
      const float32Norms = problem.float32s("float32Norms", lanes.length);
      largestNorm = fillFloat32Panels(centroids, centre, lanes, float32Panels, float32Norms);
    }
    const screens = largestNorm < LONGEST;
    problem.set({
      scores: Number(scores),
      slack: this.#slack,
      anyDrift: known.drifts.any,
      largestNorm: screens ? largestNorm : Infinity,
      bulkShare: bulkShare(plan, d, centroids.length / d, screens),
    });
  }
}

/** What is known of the rows, and where. */
interface Known {
  readonly problem: Problem;
  readonly grouping: Grouping;
  readonly plan: BoundedPlan;
  /** (d,) amid the rows, for kernels in float32; null if they are not used. */
  readonly centre: Float64Array | null;
  /** For other threads; null if there are none. */
  readonly copies: ProblemCopies | null;
  /** (k, d) as they were last. */
  centroids: Float64Array;
  readonly drifts: Drifts;
}

function meanRow(rows: Float64Array, d: number): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0; i < rows.length; i++) mean[i % d] += rows[i] / (rows.length / d);
  return mean;
}
