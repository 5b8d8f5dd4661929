import { type KernelExports, sharedKernels } from "./instance.js";
import { fillPanels, fillSinglePanels, type Grouping, LANES } from "./panels.js";

/** As in assembly/state.ts. */
const STATE_BYTES = 112;
/** Rows of a batch should stay in the processor's second cache beside the centroids. */
const BATCH_BYTES = 256 * 1024;
const MOST_BATCH_ROWS = 1024;
/** Kernels that take four rows at a time read past the last. */
const SPARE_ROWS = 3;

/** Room in the kernel memory for one batch of rows and all centroids; holds until the next one is made. */
export interface Workspace {
  readonly kernels: KernelExports;
  /** Rows that fit, a multiple of 4. */
  readonly batchRows: number;
  readonly at: Readonly<Record<Region, number>>;
  /** Largest distance of a centroid from the centre; Infinity where float32 will not do. */
  readonly longest: number;
  readonly rows: Float64Array;
  readonly labels: Int32Array;
  readonly distances: Float64Array;
  readonly others: Float64Array;
  readonly uppers: Float32Array;
  readonly lowers: Float32Array;
  readonly bounds: Float32Array;
  readonly groupDrifts: Float64Array;
  readonly drifts: Float64Array;
  readonly sums: Float64Array;
}

type Region =
  | "rows"
  | "singles"
  | "centre"
  | "centroids"
  | "singlePanels"
  | "norms"
  | "singleIndices"
  | "panels"
  | "indices"
  | "groups"
  | "groupDrifts"
  | "drifts"
  | "scratch"
  | "labels"
  | "distances"
  | "others"
  | "uppers"
  | "lowers"
  | "bounds"
  | "sums";

/**
 * Lays out a workspace and writes the centroids into it.
 *
 * @param centre (d,) somewhere amid the rows, for kernels in float32; null if they are not used
 */
export function openWorkspace(
  centroids: Float64Array,
  d: number,
  grouping: Grouping,
  centre: Float64Array | null,
): Workspace {
  const { nGroups, panelsPerGroup, lanes, groups } = grouping;
  const k = centroids.length / d;
  const fitting = Math.floor(BATCH_BYTES / (8 * d) / 4) * 4;
  const batchRows = Math.max(16, Math.min(MOST_BATCH_ROWS, fitting));
  const m = batchRows + SPARE_ROWS;
  const nPanels = nGroups * panelsPerGroup;
  const memory = sharedKernels();
  const at = memory.layOut<Region>({
    rows: m * d * 8,
    singles: 4 * d * 4,
    centre: d * 8,
    singlePanels: centre === null ? 0 : nPanels * LANES * d * 4,
    norms: nPanels * LANES * 4,
    singleIndices: nPanels * LANES * 4,
    centroids: k * d * 8,
    panels: nPanels * LANES * d * 8,
    indices: nPanels * LANES * 8,
    groups: k * 4,
    groupDrifts: nGroups * 8,
    drifts: k * 8,
    scratch: Math.max(4, nGroups) * STATE_BYTES + nPanels * 4 + 16 * nGroups,
    labels: m * 4,
    distances: m * 8,
    others: m * nGroups * 8,
    uppers: m * 4,
    lowers: m * 4,
    bounds: m * nGroups * 4,
    sums: k * d * 8,
  });
  const { kernels } = memory;
  const { buffer } = kernels.memory;
  const floats = (address: number, length: number) => new Float64Array(buffer, address, length);
  floats(at.centroids, k * d).set(centroids);
  fillPanels(centroids, d, lanes, floats(at.panels, nPanels * LANES * d));
  floats(at.indices, lanes.length).set(lanes);
  let longest = Infinity;
  if (centre !== null) {
    floats(at.centre, d).set(centre);
    new Int32Array(buffer, at.singleIndices, lanes.length).set(lanes);
    const singlePanels = new Float32Array(buffer, at.singlePanels, lanes.length * d);
    longest = fillSinglePanels(
      centroids,
      centre,
      lanes,
      singlePanels,
      new Float32Array(buffer, at.norms, lanes.length),
    );
  }
  new Int32Array(buffer, at.groups, k).set(groups);
  return {
    kernels,
    batchRows,
    at,
    longest: longest < 1e18 ? longest : Infinity,
    rows: floats(at.rows, batchRows * d),
    labels: new Int32Array(buffer, at.labels, batchRows),
    distances: floats(at.distances, batchRows),
    others: floats(at.others, batchRows * nGroups),
    uppers: new Float32Array(buffer, at.uppers, batchRows),
    lowers: new Float32Array(buffer, at.lowers, batchRows),
    bounds: new Float32Array(buffer, at.bounds, batchRows * nGroups),
    groupDrifts: floats(at.groupDrifts, nGroups),
    drifts: floats(at.drifts, k),
    sums: floats(at.sums, k * d),
  };
}

/** Nearest centroids of the first m rows of the workspace. */
export function scanBatch(workspace: Workspace, m: number, d: number, grouping: Grouping): void {
  const { kernels, at } = workspace;
  const { nGroups, panelsPerGroup } = grouping;
  kernels.scan(
    at.rows,
    m,
    d,
    at.panels,
    nGroups,
    panelsPerGroup,
    at.indices,
    at.scratch,
    at.labels,
    at.distances,
    at.others,
  );
}
