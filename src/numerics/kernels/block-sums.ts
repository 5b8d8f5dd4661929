import { BLOCK_ROWS } from "../assign.js";
import type { Workspace } from "./workspace.js";

/**
 * Sums of the rows of each cluster in each block of rows, kept while labels change: only the clusters of a
 * block that won or lost a row are added up again. What they add up to is bit for bit what `clusterSums` gives.
 */
export class BlockSums {
  readonly #rows: Float64Array;
  readonly #d: number;
  readonly #labels: Int32Array;
  readonly #weights: Float64Array | null;
  readonly #nBlocks: number;
  #k = 0;
  /** (nBlocks, k, d) */
  #blocks: Float64Array = new Float64Array(0);
  /** (k, d) */
  #sums: Float64Array = new Float64Array(0);
  #counts: Float64Array = new Float64Array(0);
  /** Clusters that changed in the block at hand, and in any block since the last total. */
  #dirty: Uint8Array = new Uint8Array(0);
  #stale: Uint8Array = new Uint8Array(0);
  #nDirty = 0;

  /**
   * @param labels (n,) as they are at each call
   * @param weights (n,) non-negative, or null for 1 each
   */
  constructor(rows: Float64Array, d: number, labels: Int32Array, weights: Float64Array | null) {
    this.#weights = weights;
    this.#rows = rows;
    this.#d = d;
    this.#labels = labels;
    this.#nBlocks = Math.ceil(labels.length / BLOCK_ROWS);
  }

  /** Starts over with k clusters. */
  begin(k: number): void {
    if (k !== this.#k) this.#blocks = new Float64Array(this.#nBlocks * k * this.#d);
    this.#k = k;
    this.#sums = new Float64Array(k * this.#d);
    this.#counts = new Float64Array(k);
    this.#dirty = new Uint8Array(k);
    this.#stale = new Uint8Array(k).fill(1);
    this.#nDirty = 0;
  }

  /** All rows of a block have their first label. */
  beginBlock(block: number, workspace: Workspace): void {
    this.#dirty.fill(1);
    this.#nDirty = this.#k;
    this.endBlock(block, workspace);
  }

  /** All rows have their first label. */
  countAll(): void {
    this.#counts.fill(0);
    for (let i = 0; i < this.#labels.length; i++) {
      this.#counts[this.#labels[i]] += this.#weights === null ? 1 : this.#weights[i];
    }
  }

  /** A row of the block at hand goes from one cluster to another. */
  move(from: number, to: number): void {
    if (this.#weights === null) {
      this.#counts[from] -= 1;
      this.#counts[to] += 1;
    }
    this.#nDirty += 2 - this.#dirty[from] - this.#dirty[to];
    this.#dirty[from] = this.#dirty[to] = 1;
  }

  /** All moves of a block have been told: adds up again what changed. */
  endBlock(block: number, { kernels, at, batchRows, rows, labels, sums }: Workspace): void {
    if (this.#nDirty === 0) return;
    const [d, k, dirty] = [this.#d, this.#k, this.#dirty];
    const first = block * BLOCK_ROWS;
    const last = Math.min(this.#labels.length, first + BLOCK_ROWS);
    const target = this.#blocks.subarray(block * k * d, (block + 1) * k * d);
    if (this.#weights === null && this.#nDirty * 4 > k) {
      sums.fill(0);
      for (let start = first; start < last; start += batchRows) {
        const end = Math.min(last, start + batchRows);
        rows.set(this.#rows.subarray(start * d, end * d));
        labels.set(this.#labels.subarray(start, end));
        kernels.addRows(at.rows, end - start, d, at.labels, at.sums);
      }
      target.set(sums);
    } else {
      for (let c = 0; c < k; c++) if (dirty[c] === 1) target.fill(0, c * d, (c + 1) * d);
      for (let i = first; i < last; i++) {
        const label = this.#labels[i];
        if (dirty[label] === 0) continue;
        const weight = this.#weights === null ? 1 : this.#weights[i];
        for (let f = 0; f < d; f++) target[label * d + f] += weight * this.#rows[i * d + f];
      }
    }
    for (let c = 0; c < k; c++) this.#stale[c] |= dirty[c];
    dirty.fill(0);
    this.#nDirty = 0;
  }

  /** Sums (k, d) and counts (k,) over all blocks. */
  total(): { sums: Float64Array; counts: Float64Array } {
    const [d, k] = [this.#d, this.#k];
    // Weights are added up in the order of the rows, as `clusterSums` does it.
    if (this.#weights !== null && this.#stale.includes(1)) this.countAll();
    for (let c = 0; c < k; c++) {
      if (this.#stale[c] === 0) continue;
      const sum = this.#sums.subarray(c * d, (c + 1) * d).fill(0);
      for (let at = c * d; at < this.#blocks.length; at += k * d) {
        for (let f = 0; f < d; f++) sum[f] += this.#blocks[at + f];
      }
    }
    this.#stale.fill(0);
    return { sums: this.#sums.slice(), counts: this.#counts.slice() };
  }
}
