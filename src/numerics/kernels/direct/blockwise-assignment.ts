import type { Assignment } from "../../assignment.js";
import { BLOCK_ROWS } from "../../blocks.js";
import { countRows } from "../../matrix.js";
import { heldRows } from "../memory/held-rows.js";
import { type KernelMemory, sharedKernels } from "../memory/instance.js";
import { type Area, type AreaShape, areaSizes, openArea } from "./direct-area.js";

interface Place {
  readonly memory: KernelMemory;
  readonly area: Area;
  /** Of the rows, where they need not be copied; else 0. */
  readonly address: number;
}

/** Nearest centroids by all distances, every time, of many rows: block by block. */
export class BlockwiseAssignment implements Assignment {
  readonly labels: Int32Array;
  readonly #rows: Float64Array;
  readonly #weights: Float64Array | null;
  #shape: AreaShape;
  #place: Place | null = null;
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
    const n = countRows(rows, d);
    this.labels = new Int32Array(n);
    this.#rows = rows;
    this.#weights = weights;
    this.#shape = { n: Math.min(n, BLOCK_ROWS), nInArea: 0, d, k, isWeighted: weights !== null };
  }

  assign(centroids: Float64Array): void {
    const { d } = this.#shape;
    const n = this.labels.length;
    const k = centroids.length / d;
    const { memory, area, address } = this.#placeFor(k);
    const { problem } = area;
    problem.set({ k });
    area.centroids.set(centroids);
    area.sums.fill(0);
    area.counts.fill(0);
    this.#inertia = 0;
    for (let start = 0; start < n; start += BLOCK_ROWS) {
      const m = Math.min(n, start + BLOCK_ROWS) - start;
      if (address === 0) area.rows.set(this.#rows.subarray(start * d, (start + m) * d));
      if (this.#weights !== null) area.weights.set(this.#weights.subarray(start, start + m));
      if (address === 0) {
        area.transpose(m);
        problem.set({ n: m });
      } else {
        const rows = address + start * d * 8;
        area.transpose(m, rows);
        problem.set({ n: m, rows });
      }
      this.#inertia += memory.kernels.assignDirect(problem.address);
      this.labels.set(m === BLOCK_ROWS ? area.labels : area.labels.subarray(0, m), start);
    }
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

  close(): void {}

  /** Where the rows lie, if there is room beside them; or where they can be copied to. */
  #placeFor(k: number): Place {
    const known = this.#place;
    if (known !== null && known.area.layout === known.memory.layout && k <= this.#shape.k) return known;
    const shape = { ...this.#shape, k: Math.max(k, this.#shape.k), nInArea: 0 };
    const held = heldRows(this.#rows);
    const isInPlace = held?.memory.hasRoomFor(areaSizes(shape)) ?? false;
    const memory = isInPlace ? held!.memory : sharedKernels();
    this.#shape = { ...shape, nInArea: isInPlace ? 0 : shape.n };
    const area = openArea(memory, this.#shape);
    this.#place = { memory, area, address: isInPlace ? held!.address : 0 };
    return this.#place;
  }
}
