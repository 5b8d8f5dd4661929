import { countRows } from "../../matrix.js";
import { SPARE_ROWS } from "../constants.js";
import { type HeldRows, heldRows } from "../memory/held-rows.js";
import { type KernelMemory, sharedKernels } from "../memory/instance.js";
import { ROW_BLOCK } from "../memory/layouts.js";
import { Struct } from "../memory/struct.js";

/** Kernels of k-means++; each takes the address of a `RowBlock`, and those of other regions. */
export interface SeedingKernels {
  lowerClosest(block: number, centroid: number, closest: number): void;
  potentials(block: number, candidates: number, nPairs: number, closest: number, sums: number): void;
}

/** What k-means++ asks of rows: how near the centroids so far are, and how near candidates would be. */
export interface Potentials {
  /** (n,) squared distance of each row to the nearest centroid so far; good until the next call. */
  readonly closest: Float64Array;
  /** A row becomes a centroid. */
  addCentroid(row: number): void;
  /** For each of some rows, the weighted sum of `closest` if it were a centroid too; good until the next call. */
  of(candidates: Int32Array): Float64Array;
  /** No row is a centroid any more. Whatever else is done with the rows' memory comes before it. */
  restart(): void;
}

const BATCH_BYTES = 128 * 1024;

type Region = "block" | "rows" | "candidates" | "closest" | "weights" | "sums";

/** Where the kernels find things, and views of what is written and read. */
interface Area {
  readonly at: Readonly<Record<Region, number>>;
  readonly layout: number;
  readonly rows: Float64Array;
  readonly candidates: Float64Array;
  readonly closest: Float64Array;
  readonly weights: Float64Array;
  readonly sums: Float64Array;
  readonly block: Struct<typeof ROW_BLOCK>;
  /** First row of the batch that is in the memory; -1 for none. */
  loaded: number;
}

/**
 * @param rows (n, d) row-major; may not change
 * @param weights (n,) non-negative, or null for 1 each
 * @param nCandidates how many at a time, at least 1
 * @param held the same rows where kernels can work on them, if they lie there
 * @throws RangeError if the numbers make no whole rows
 */
export function openPotentials(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  nCandidates: number,
  held: HeldRows | null = heldRows(rows),
): Potentials {
  const n = countRows(rows, d);
  const nPairs = Math.ceil(nCandidates / 2);
  /** (n,) of rows that are copied to the kernels batch by batch; of others it lies beside them. */
  let closest: Float64Array | null = null;
  let memory: KernelMemory = held?.memory ?? sharedKernels();
  let batchRows = n;
  if (!held?.memory.hasRoomFor(sizesFor(n, 0))) {
    held = null;
    memory = sharedKernels();
    batchRows = Math.min(4 * Math.ceil(n / 4), Math.max(16, Math.floor(BATCH_BYTES / (8 * d) / 4) * 4));
    closest = new Float64Array(n).fill(Infinity);
  }
  const { kernels } = memory;

  /** Bytes for a batch of m rows, of which so many are to lie there too. */
  function sizesFor(m: number, nCopied: number): Record<Region, number> {
    const bytes = (m + SPARE_ROWS) * 8;
    const rowBytes = nCopied === 0 ? 0 : (nCopied + SPARE_ROWS) * d * 8;
    return {
      block: ROW_BLOCK.bytes,
      rows: rowBytes,
      candidates: nPairs * d * 16,
      closest: bytes,
      weights: bytes,
      sums: nPairs * 16,
    };
  }

  function openArea(): Area {
    const nCopied = held === null ? batchRows : 0;
    const at = memory.layOut(sizesFor(batchRows, nCopied));
    const view = (region: Region, length: number) => new Float64Array(memory.buffer, at[region], length);
    const opened = {
      at,
      layout: memory.layout,
      rows: view("rows", nCopied * d),
      candidates: view("candidates", nPairs * d * 2),
      closest: view("closest", batchRows),
      weights: view("weights", batchRows),
      sums: view("sums", nPairs * 2),
      block: new Struct(ROW_BLOCK, memory, at.block, {
        rows: held?.address ?? at.rows,
        weights: weights === null ? 0 : at.weights,
        m: n,
        d,
      }),
      loaded: -1,
    };
    if (held === null) return opened;
    opened.closest.fill(Infinity);
    if (weights !== null) opened.weights.set(weights);
    return opened;
  }

  let area: Area | null = null;

  /** The area, which others may have written over since. */
  const currentArea = (): Area => {
    if (area === null || area.layout !== memory.layout) area = openArea();
    return area;
  };

  /** Brings a batch of rows into the memory, with what is closest to them; returns its size. */
  const load = (into: Area, start: number): number => {
    const end = Math.min(n, start + batchRows);
    if (into.loaded !== start) {
      into.rows.set(rows.subarray(start * d, end * d));
      if (weights !== null) into.weights.set(weights.subarray(start, end));
      into.loaded = start;
    }
    into.closest.set(closest!.subarray(start, end));
    return end - start;
  };

  /** @param onBatch takes the address of a `RowBlock` of m rows, the first of which has the index `start` */
  const forEachBatch = (onBatch: (block: number, m: number, start: number) => void): void => {
    const into = currentArea();
    const { at } = into;
    for (let start = 0; start < n; start += batchRows) {
      const m = held === null ? load(into, start) : n;
      into.block.set({ m });
      onBatch(at.block, m, start);
    }
  };

  return {
    get closest() {
      return closest ?? currentArea().closest;
    },
    addCentroid(row) {
      const { at, candidates, closest: near } = currentArea();
      for (let f = 0; f < d; f++) candidates[f] = rows[row * d + f];
      forEachBatch((block, m, start) => {
        kernels.lowerClosest(block, at.candidates, at.closest);
        closest?.set(near.subarray(0, m), start);
      });
    },
    of(tried) {
      const { at, candidates, sums } = currentArea();
      // Candidates lie in pairs; an odd last one is paired with itself.
      for (let t = 0; t < nPairs * 2; t++) {
        const row = tried[Math.min(t, tried.length - 1)];
        const pair = (t >> 1) * d * 2 + (t & 1);
        for (let f = 0; f < d; f++) candidates[pair + f * 2] = rows[row * d + f];
      }
      sums.fill(0);
      forEachBatch((block) => kernels.potentials(block, at.candidates, nPairs, at.closest, at.sums));
      return sums;
    },
    restart() {
      (closest ?? currentArea().closest).fill(Infinity);
    },
  };
}
