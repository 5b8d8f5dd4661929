import { countRows } from "../matrix.js";
import { type HeldRows, heldRows } from "./held-rows.js";
import { type KernelMemory, sharedKernels } from "./instance.js";

/** What k-means++ asks of rows: how near the centroids so far are, and how near candidates would be. */
export interface Potentials {
  /** (n,) squared distance of each row to the nearest centroid so far; good until the next call. */
  readonly closest: Float64Array;
  /** A row becomes a centroid. */
  approach(row: number): void;
  /** For each of some rows, the weighted sum of `closest` if it were a centroid too; good until the next call. */
  of(candidates: Int32Array): Float64Array;
  /** No row is a centroid any more. Whatever else is done with the rows' memory comes before it. */
  restart(): void;
}

const BATCH_BYTES = 128 * 1024;
/** The kernel takes four rows at a time. */
const SPARE_ROWS = 3;

interface Problem {
  readonly rows: Float64Array;
  readonly d: number;
  readonly weights: Float64Array | null;
  readonly nPairs: number;
}

/**
 * @param rows (n, d) row-major; may not change
 * @param weights (n,) non-negative, or null for 1 each
 * @param nCandidates how many at a time, at least 1
 * @param held the same rows where kernels can work on them, if they lie there
 */
export function openPotentials(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  nCandidates: number,
  held: HeldRows | null = heldRows(rows),
): Potentials {
  const problem: Problem = { rows, d, weights, nPairs: Math.ceil(nCandidates / 2) };
  const n = countRows(rows, d);
  if (held?.memory.hasRoomFor(sizesOf(problem, n))) return new PotentialsInPlace(problem, held);
  return new PotentialsInBatches(problem);
}

/** Bytes of what the kernels need beside m rows. */
function sizesOf({ d, nPairs }: Problem, m: number) {
  const bytes = (m + SPARE_ROWS) * 8;
  return { candidates: nPairs * d * 16, closest: bytes, weights: bytes, sums: nPairs * 16 };
}

/** Where the kernels find what they need beside rows, and views of it. */
interface Area {
  readonly at: Readonly<Record<"candidates" | "closest" | "weights" | "sums", number>>;
  readonly layout: number;
  readonly candidates: Float64Array;
  readonly closest: Float64Array;
  readonly weights: Float64Array;
  readonly sums: Float64Array;
}

function viewArea<Name extends keyof Area["at"]>(
  memory: KernelMemory,
  at: Readonly<Record<Name | keyof Area["at"], number>>,
  { d, nPairs }: Problem,
  m: number,
): Area {
  const view = (address: number, length: number) => new Float64Array(memory.buffer, address, length);
  return {
    at,
    layout: memory.layout,
    candidates: view(at.candidates, nPairs * d * 2),
    closest: view(at.closest, m),
    weights: view(at.weights, m),
    sums: view(at.sums, nPairs * 2),
  };
}

/** Enters candidates as the kernels take them: two by two, the last once more where they are odd in number. */
function enterCandidates({ candidates: into }: Area, { rows, d, nPairs }: Problem, candidates: Int32Array) {
  for (let t = 0; t < nPairs * 2; t++) {
    const row = candidates[Math.min(t, candidates.length - 1)];
    const pair = (t >> 1) * d * 2 + (t & 1);
    for (let f = 0; f < d; f++) into[pair + f * 2] = rows[row * d + f];
  }
}

/** Of rows that lie in a memory of the kernels. */
class PotentialsInPlace implements Potentials {
  readonly #problem: Problem;
  readonly #n: number;
  readonly #held: HeldRows;
  #area: Area;

  constructor(problem: Problem, held: HeldRows) {
    this.#problem = problem;
    this.#n = problem.rows.length / problem.d;
    this.#held = held;
    this.#area = this.#openArea();
  }

  #openArea(): Area {
    const { memory } = this.#held;
    const at = memory.layOut(sizesOf(this.#problem, this.#n));
    const area = viewArea(memory, at, this.#problem, this.#n);
    area.closest.fill(Infinity);
    if (this.#problem.weights !== null) area.weights.set(this.#problem.weights);
    return area;
  }

  get closest(): Float64Array {
    return this.#area.closest;
  }

  approach(row: number): void {
    const { rows, d } = this.#problem;
    const { at, candidates } = this.#area;
    for (let f = 0; f < d; f++) candidates[f] = rows[row * d + f];
    const { address, memory } = this.#held;
    memory.kernels.approach(address, this.#n, d, at.candidates, at.closest);
  }

  of(candidates: Int32Array): Float64Array {
    const { d, nPairs, weights } = this.#problem;
    const { at, sums } = this.#area;
    enterCandidates(this.#area, this.#problem, candidates);
    sums.fill(0);
    const weightsAt = weights === null ? 0 : at.weights;
    const { address, memory } = this.#held;
    memory.kernels.potentials(address, this.#n, d, at.candidates, nPairs, at.closest, weightsAt, at.sums, 0);
    return sums;
  }

  restart(): void {
    if (this.#area.layout === this.#held.memory.layout) this.#area.closest.fill(Infinity);
    else this.#area = this.#openArea();
  }
}

interface BatchArea extends Area {
  readonly rowsAt: number;
  readonly rows: Float64Array;
  /** First row of the batch that is in the memory; -1 for none. */
  loaded: number;
}

/** Of rows that are copied to the kernels batch by batch. */
class PotentialsInBatches implements Potentials {
  readonly closest: Float64Array;
  readonly #problem: Problem;
  readonly #n: number;
  readonly #batchRows: number;
  readonly #memory = sharedKernels();
  #area: BatchArea | null = null;

  constructor(problem: Problem) {
    const { rows, d } = problem;
    const n = rows.length / d;
    const most = Math.max(16, Math.floor(BATCH_BYTES / (8 * d) / 4) * 4);
    this.#problem = problem;
    this.#n = n;
    this.#batchRows = Math.min(4 * Math.ceil(n / 4), most);
    this.closest = new Float64Array(n).fill(Infinity);
  }

  approach(row: number): void {
    const { rows, d } = this.#problem;
    const area = this.#currentArea();
    for (let f = 0; f < d; f++) area.candidates[f] = rows[row * d + f];
    for (let start = 0; start < this.#n; start += this.#batchRows) {
      const m = this.#load(area, start);
      this.#memory.kernels.approach(area.rowsAt, m, d, area.at.candidates, area.at.closest);
      this.closest.set(area.closest.subarray(0, m), start);
    }
  }

  of(candidates: Int32Array): Float64Array {
    const { d, nPairs, weights } = this.#problem;
    const area = this.#currentArea();
    const { at } = area;
    enterCandidates(area, this.#problem, candidates);
    area.sums.fill(0);
    const weightsAt = weights === null ? 0 : at.weights;
    const { kernels } = this.#memory;
    for (let start = 0; start < this.#n; start += this.#batchRows) {
      const m = this.#load(area, start);
      kernels.potentials(area.rowsAt, m, d, at.candidates, nPairs, at.closest, weightsAt, at.sums, 0);
    }
    return area.sums;
  }

  restart(): void {
    this.closest.fill(Infinity);
  }

  /** The area, which others may have written over since. */
  #currentArea(): BatchArea {
    if (this.#area !== null && this.#area.layout === this.#memory.layout) return this.#area;
    const { d } = this.#problem;
    const m = this.#batchRows;
    const sizes = { rows: (m + SPARE_ROWS) * d * 8, ...sizesOf(this.#problem, m) };
    const at = this.#memory.layOut(sizes);
    const area = viewArea(this.#memory, at, this.#problem, m);
    const rows = new Float64Array(this.#memory.buffer, at.rows, m * d);
    this.#area = { ...area, rowsAt: at.rows, rows, loaded: -1 };
    return this.#area;
  }

  /** Brings a batch of rows into the memory, with what is closest to them; returns its size. */
  #load(into: BatchArea, start: number): number {
    const { rows, d, weights } = this.#problem;
    const end = Math.min(this.#n, start + this.#batchRows);
    if (into.loaded !== start) {
      into.rows.set(rows.subarray(start * d, end * d));
      if (weights !== null) into.weights.set(weights.subarray(start, end));
      into.loaded = start;
    }
    into.closest.set(this.#n === this.#batchRows ? this.closest : this.closest.subarray(start, end));
    return end - start;
  }
}
