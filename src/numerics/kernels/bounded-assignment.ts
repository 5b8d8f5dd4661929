import { BLOCK_ROWS, squaredDistance } from "../assign.js";
import type { Assignment } from "../assignment.js";
import { BlockSums } from "./block-sums.js";
import { type Grouping, groupCentroids, LANES } from "./panels.js";
import { openWorkspace, scanBatch, type Workspace } from "./workspace.js";

/** Features from which on float32 screens before float64 decides, and a row may have as many bounds as features. */
const LEAST_SCREENED = 8;
/** Of one block in so many rows, so many rows are done by their bounds, to see what bounds are worth. */
const PROBED_BLOCK = 16 * BLOCK_ROWS;
const PROBED_ROWS = 128;
/** Share of distances left in doubt by bounds above which it is quicker to compute all of them in bulk. */
const SCREENED_SHARE = 0.15;
const SCANNED_SHARE = 0.4;
/** Below this a bound says too little for squares not to have underflowed. */
const LEAST_BOUND = 1e-100;

/**
 * Nearest centroids of the same rows again and again, as the centroids move. Keeps bounds on each row's
 * distances, so that a row whose nearest centroid cannot have changed costs next to nothing. Labels, inertia
 * and sums are bit for bit those of `assign` and `clusterSums`.
 *
 * Bounds are on true distances and allow for rounding: see assembly/bounds.ts. Beside the rows it holds, for
 * each row, 12 + 4 * groups bytes, and sums of each cluster in each block of rows.
 *
 * @see Hamerly, Making k-means even faster, SDM 2010 (one group); Ding et al., Yinyang k-means, ICML 2015
 * (groups); Newling & Fleuret, Fast k-means with accurate bounds, ICML 2016 (drift added up, not taken away)
 */
export class BoundedAssignment implements Assignment {
  /** (n,) index of each row's centroid. Not to be written to. */
  readonly labels: Int32Array;
  readonly #rows: Float64Array;
  readonly #d: number;
  readonly #n: number;
  readonly #sums: BlockSums;
  readonly #uppers: Float32Array;
  readonly #lowers: Float32Array;
  readonly #slack: number;
  readonly #active: Int32Array = new Int32Array(BLOCK_ROWS + 1);
  #bounds: Float32Array = new Float32Array(0);
  #grouping: Grouping | null = null;
  #centre: Float64Array | null = null;
  #centroids: Float64Array = new Float64Array(0);
  #groupDrifts: Float64Array = new Float64Array(0);
  #drifts: Float64Array = new Float64Array(0);
  #anyDrift = 0;
  #halves: Float64Array = new Float64Array(0);

  /**
   * @param rows (n, d) row-major, n >= 1; may not change
   * @param d number of features
   * @param weights (n,) non-negative, for the sums; null for 1 each
   */
  constructor(rows: Float64Array, d: number, weights: Float64Array | null) {
    this.#rows = rows;
    this.#d = d;
    this.#n = rows.length / d;
    this.labels = new Int32Array(this.#n);
    this.#uppers = new Float32Array(this.#n);
    this.#lowers = new Float32Array(this.#n);
    this.#sums = new BlockSums(rows, d, this.labels, weights);
    this.#slack = Math.max(1e-12, (d + 16) * 2 ** -51);
  }

  /**
   * Assigns each row to its nearest centroid.
   *
   * @param centroids (k, d) row-major; any k, but only the k of the time before profits from it
   */
  assign(centroids: Float64Array): void {
    if (this.#grouping === null || centroids.length !== this.#centroids.length) this.#begin(centroids);
    else this.#goOn(centroids);
    this.#centroids = centroids.slice();
  }

  /** Forgets what is known of the rows: the centroids to come have nothing to do with those before. */
  restart(): void {
    this.#grouping = null;
  }

  /** Sums (k, d) and counts (k,) of the rows of each cluster. */
  sums(): { sums: Float64Array; counts: Float64Array } {
    return this.#sums.total();
  }

  /** Sum of squared distances of the rows to their centroids. Cost n * d. */
  inertia(): number {
    const d = this.#d;
    const workspace = openWorkspace(this.#centroids, d, this.#grouping!, null);
    const { kernels, at, batchRows, distances } = workspace;
    let inertia = 0;
    for (let block = 0; block < this.#n; block += BLOCK_ROWS) {
      const blockEnd = Math.min(this.#n, block + BLOCK_ROWS);
      let blockInertia = 0;
      for (let start = block; start < blockEnd; start += batchRows) {
        const end = Math.min(blockEnd, start + batchRows);
        workspace.rows.set(this.#rows.subarray(start * d, end * d));
        workspace.labels.set(this.labels.subarray(start, end));
        kernels.ownDistances(at.rows, end - start, d, at.centroids, at.labels, at.distances);
        for (let i = 0; i < end - start; i++) blockInertia += distances[i];
      }
      inertia += blockInertia;
    }
    return inertia;
  }

  /** Every distance, for the first time. */
  #begin(centroids: Float64Array): void {
    const d = this.#d;
    const k = centroids.length / d;
    const grouping = groupCentroids(centroids, d, d < LEAST_SCREENED ? Math.ceil(k / 32) : d);
    const { nGroups } = grouping;
    this.#grouping = grouping;
    this.#centre = d < LEAST_SCREENED || k <= LANES ? null : meanRow(centroids, d);
    const nBounds = nGroups === 1 ? 0 : this.#n * nGroups;
    if (nGroups === 1) this.#bounds = this.#lowers;
    else if (this.#bounds.length !== nBounds || this.#bounds === this.#lowers)
      this.#bounds = new Float32Array(nBounds);
    this.#groupDrifts = new Float64Array(nGroups);
    this.#drifts = new Float64Array(k);
    this.#anyDrift = 0;
    this.#sums.begin(k);
    const workspace = this.#open(centroids);
    for (let block = 0; block < this.#n; block += BLOCK_ROWS) {
      const blockEnd = Math.min(this.#n, block + BLOCK_ROWS);
      for (let start = block; start < blockEnd; start += workspace.batchRows) {
        const m = Math.min(blockEnd, start + workspace.batchRows) - start;
        workspace.rows.set(this.#rows.subarray(start * d, (start + m) * d));
        this.#measure(workspace, m);
        this.labels.set(workspace.labels.subarray(0, m), start);
        this.#uppers.set(workspace.uppers.subarray(0, m), start);
        this.#lowers.set(workspace.lowers.subarray(0, m), start);
        if (nGroups > 1) this.#bounds.set(workspace.bounds.subarray(0, m * nGroups), start * nGroups);
      }
      this.#sums.beginBlock(block / BLOCK_ROWS, workspace);
    }
    this.#sums.countAll();
  }

  /** Only the distances that the bounds leave in doubt. */
  #goOn(centroids: Float64Array): void {
    this.#drift(centroids);
    this.#halves = halfGaps(centroids, this.#d, this.#n, this.#slack);
    const workspace = this.#open(centroids);
    const share = workspace.longest < Infinity ? SCREENED_SHARE : SCANNED_SHARE;
    let measures = false;
    for (let block = 0; block < this.#n; block += BLOCK_ROWS) {
      let nActive = findActive(
        this.labels.subarray(block, block + BLOCK_ROWS),
        this.#uppers.subarray(block, block + BLOCK_ROWS),
        this.#lowers.subarray(block, block + BLOCK_ROWS),
        this.#drifts,
        this.#anyDrift,
        this.#halves,
        1 + this.#slack,
        block,
        this.#active,
      );
      let from = 0;
      if (block % PROBED_BLOCK === 0 && nActive > 0) {
        from = Math.min(nActive, workspace.batchRows, PROBED_ROWS);
        const nComputed = this.#update(workspace, 0, from, false);
        measures = nComputed > share * from * this.#nPanels();
      }
      // Rows side by side are copied at once, which makes up for some that need not be looked at.
      const nRows = Math.min(BLOCK_ROWS, this.#n - block);
      if (measures && from === 0 && nActive * 2 > nRows) {
        nActive = nRows;
        for (let i = 0; i < nRows; i++) this.#active[i] = block + i;
      }
      for (; from < nActive; from += workspace.batchRows) {
        this.#update(workspace, from, Math.min(nActive, from + workspace.batchRows), measures);
      }
      this.#sums.endBlock(block / BLOCK_ROWS, workspace);
    }
  }

  #nPanels(): number {
    return this.#grouping!.nGroups * this.#grouping!.panelsPerGroup;
  }

  #open(centroids: Float64Array): Workspace {
    const workspace = openWorkspace(centroids, this.#d, this.#grouping!, this.#centre);
    workspace.groupDrifts.set(this.#groupDrifts);
    workspace.drifts.set(this.#drifts);
    return workspace;
  }

  /** Adds up how far each centroid, each group and any centroid has moved at most. */
  #drift(centroids: Float64Array): void {
    const { groups, nGroups } = this.#grouping!;
    const groupSteps = new Float64Array(nGroups);
    let anyStep = 0;
    for (let c = 0; c < groups.length; c++) {
      const squared = squaredDistance(this.#centroids, c, centroids, c, this.#d);
      if (squared === 0 && equalRows(this.#centroids, centroids, c, this.#d)) continue;
      const step = Math.sqrt(squared) * (1 + this.#slack) + 1e-150;
      this.#drifts[c] = (this.#drifts[c] + step) * (1 + 2 ** -52);
      groupSteps[groups[c]] = Math.max(groupSteps[groups[c]], step);
      anyStep = Math.max(anyStep, step);
    }
    for (let g = 0; g < nGroups; g++) {
      this.#groupDrifts[g] = (this.#groupDrifts[g] + groupSteps[g]) * (1 + 2 ** -52);
    }
    this.#anyDrift = (this.#anyDrift + anyStep) * (1 + 2 ** -52);
  }

  /** Assigns some of the active rows; returns to how many panels distances were computed by necessity. */
  #update(workspace: Workspace, from: number, to: number, measures: boolean): number {
    const { nGroups } = this.#grouping!;
    const m = to - from;
    const active = this.#active;
    gather(this.#rows, this.#d, active, from, to, workspace.rows);
    let nComputed = 0;
    if (measures) {
      this.#measure(workspace, m);
    } else {
      gather(this.#bounds, nGroups, active, from, to, workspace.bounds);
      for (let j = 0; j < m; j++) workspace.labels[j] = this.labels[active[from + j]];
      nComputed = this.#refine(workspace, m, false);
    }
    const { labels, uppers, lowers, bounds } = workspace;
    const first = active[from];
    if (active[to - 1] - first === m - 1) {
      for (let j = 0; j < m; j++) {
        if (labels[j] !== this.labels[first + j]) this.#sums.move(this.labels[first + j], labels[j]);
      }
      this.labels.set(labels.subarray(0, m), first);
      this.#uppers.set(uppers.subarray(0, m), first);
      this.#lowers.set(lowers.subarray(0, m), first);
      if (nGroups > 1) this.#bounds.set(bounds.subarray(0, m * nGroups), first * nGroups);
      return nComputed;
    }
    for (let j = 0; j < m; j++) {
      const i = active[from + j];
      if (labels[j] !== this.labels[i]) {
        this.#sums.move(this.labels[i], labels[j]);
        this.labels[i] = labels[j];
      }
      this.#uppers[i] = uppers[j];
      this.#lowers[i] = lowers[j];
    }
    if (nGroups === 1) return nComputed;
    for (let j = 0, t = 0; j < m; j++) {
      const row = active[from + j] * nGroups;
      for (let g = 0; g < nGroups; g++) this.#bounds[row + g] = bounds[t++];
    }
    return nComputed;
  }

  /** Assigns the first m rows of the workspace whatever was known of them. */
  #measure(workspace: Workspace, m: number): void {
    const { kernels, at } = workspace;
    const { nGroups, panelsPerGroup } = this.#grouping!;
    if (workspace.longest < Infinity) {
      kernels.screen(
        at.rows,
        m,
        this.#d,
        at.centre,
        at.singles,
        at.singlePanels,
        nGroups,
        panelsPerGroup / 2,
        at.norms,
        at.singleIndices,
        workspace.longest,
        at.scratch,
        at.groupDrifts,
        at.drifts,
        this.#anyDrift,
        this.#slack,
        at.labels,
        at.uppers,
        at.lowers,
        at.bounds,
      );
      this.#refine(workspace, m, true);
      return;
    }
    scanBatch(workspace, m, this.#d, this.#grouping!);
    kernels.record(
      m,
      nGroups,
      at.groupDrifts,
      at.drifts,
      this.#anyDrift,
      this.#slack,
      at.labels,
      at.distances,
      at.others,
      at.uppers,
      at.lowers,
      at.bounds,
    );
  }

  /** Assigns the first m rows of the workspace by the bounds there. */
  #refine(workspace: Workspace, m: number, skips: boolean): number {
    const { kernels, at } = workspace;
    const { nGroups, panelsPerGroup } = this.#grouping!;
    return kernels.refine(
      at.rows,
      m,
      this.#d,
      at.centroids,
      at.panels,
      nGroups,
      panelsPerGroup,
      at.indices,
      at.groups,
      at.groupDrifts,
      at.drifts,
      this.#anyDrift,
      this.#slack,
      Number(skips),
      at.scratch,
      at.labels,
      at.uppers,
      at.lowers,
      at.bounds,
    );
  }
}

/**
 * Lists the rows of a block whose nearest centroid may have changed.
 *
 * @param first index of the block's first row
 * @param active receives the indices, with room for one more
 * @returns how many
 */
function findActive(
  labels: Int32Array,
  uppers: Float32Array,
  lowers: Float32Array,
  drifts: Float64Array,
  anyDrift: number,
  halves: Float64Array,
  inflation: number,
  first: number,
  active: Int32Array,
): number {
  let nActive = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    const upper = (uppers[i] + drifts[label]) * inflation + LEAST_BOUND;
    // Without a branch, which a processor would guess wrong for every other row.
    active[nActive] = first + i;
    nActive += +!(upper < lowers[i] - anyDrift) & +!(upper < halves[label]);
  }
  return nActive;
}

/** Copies some rows of a row-major array to the start of another. */
function gather<T extends Float32Array | Float64Array>(
  source: T,
  d: number,
  wanted: Int32Array,
  from: number,
  to: number,
  target: T,
): void {
  if (wanted[to - 1] - wanted[from] === to - from - 1) {
    target.set(source.subarray(wanted[from] * d, (wanted[to - 1] + 1) * d));
    return;
  }
  if (d >= 64) {
    for (let j = from; j < to; j++) {
      target.set(source.subarray(wanted[j] * d, (wanted[j] + 1) * d), (j - from) * d);
    }
    return;
  }
  for (let j = from, t = 0; j < to; j++) {
    const first = wanted[j] * d;
    for (let f = 0; f < d; f++) target[t++] = source[first + f];
  }
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
