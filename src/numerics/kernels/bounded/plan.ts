import { BLOCK_ROWS } from "../../blocks.js";
import { LIST_SPARE_ROWS, SPARE_ROWS } from "../constants.js";
import { BOUNDED_PROBLEM } from "../memory/layouts.js";
import { groupSizes, LANES } from "./panels.js";
import { type ProblemSizes, scratchBytes } from "./problem.js";
import { copyBytes } from "./problem-copies.js";

/** Places in a group that float32 tells apart: see screen.as.ts. */
const MOST_PLACES = 32;
/** Features from which on there may be as many groups; and beyond which a row has a bound for each centroid. */
const LEAST_GROUPED = 16;
const MOST_GROUPED = 64;
/** Share of distances left in doubt by bounds of groups above which it is quicker to compute all of them in bulk. */
const SCREENED_SHARE = 0.04;
const UNSCREENED_SHARE = 0.4;
/** Rows of a batch should stay in the processor's second cache beside the centroids. */
const BATCH_BYTES = 256 * 1024;

/** What there is for each row and centroid. */
export interface BoundedPlan {
  /** Whether float32 screens. */
  readonly screens: boolean;
  /** Whether there is a bound for each centroid, not only for each group. */
  readonly isElkan: boolean;
  /** Bound on the number of groups. */
  readonly mostGroups: number;
  readonly nGroups: number;
  readonly panelsPerGroup: number;
  readonly nLanes: number;
  /** Of each row. */
  readonly nBounds: number;
  /** Rows of a batch. */
  readonly batchRows: number;
}

/** One group of few centroids, or groups of centroids near one another; or, of many features, a bound for each. */
export function planOf(d: number, k: number): BoundedPlan {
  const screens = k > LANES;
  const isElkan = screens && k <= d && d > MOST_GROUPED;
  const leastGroups = Math.ceil(k / MOST_PLACES);
  const isOne = isElkan || leastGroups === 1;
  const mostGroups = isOne ? 1 : d < LEAST_GROUPED ? leastGroups : Math.max(leastGroups, d);
  const { nGroups, panelsPerGroup } = groupSizes(k, mostGroups);
  const nLanes = nGroups * panelsPerGroup * LANES;
  const nBounds = isElkan ? nLanes : nGroups;
  const batchRows = Math.max(16, Math.min(BLOCK_ROWS, Math.floor(BATCH_BYTES / (8 * d) / 4) * 4));
  return { screens, isElkan, mostGroups, nGroups, panelsPerGroup, nLanes, nBounds, batchRows };
}

/**
 * Bytes of each region.
 *
 * @param nThreads that may work on it, beside the one whose it is
 */
export function sizesOf(
  n: number,
  d: number,
  k: number,
  isWeighted: boolean,
  nThreads: number,
): ProblemSizes {
  const sizes = ownSizes(n, d, k, isWeighted);
  return { ...sizes, copies: nThreads * copyBytes(sizes) };
}

function ownSizes(n: number, d: number, k: number, isWeighted: boolean): Omit<ProblemSizes, "copies"> {
  const { screens, isElkan, nGroups, panelsPerGroup, nLanes, nBounds, batchRows } = planOf(d, k);
  return {
    problem: BOUNDED_PROBLEM.bytes,
    scratch: scratchBytes(nGroups, panelsPerGroup),
    centroids: k * d * 8,
    panels: isElkan ? 0 : nLanes * d * 8,
    indices: nLanes * 8,
    groups: k * 4,
    groupDrifts: nGroups * 8,
    drifts: k * 8,
    float32Drifts: 2 * nBounds * 4,
    halfSeparations: k * 8,
    centre: d * 8,
    float32Panels: screens ? nLanes * d * 4 : 0,
    float32Norms: nLanes * 4,
    laneIndices: nLanes * 4,
    places: nLanes * 4,
    float32Rows: 8 * d * 4,
    thresholds: k * 8,
    active: (BLOCK_ROWS + LIST_SPARE_ROWS) * 4,
    undecided: screens && !isElkan ? (batchRows + SPARE_ROWS) * 4 : 0,
    labelsBefore: batchRows * 4,
    dirty: k,
    stale: k,
    sums: k * d * 8,
    counts: k * 8,
    labels: n * 4,
    uppers: n * 4,
    lowers: n * 4,
    bounds: nBounds === 1 ? 0 : n * nBounds * 4,
    weights: isWeighted ? n * 8 : 0,
    blockSums: Math.ceil(n / BLOCK_ROWS) * k * d * 8,
    inertias: Math.ceil(n / BLOCK_ROWS) * 8,
  };
}

/**
 * Share of distances left in doubt by bounds above which it is quicker to compute all of them in bulk.
 *
 * @param screens whether float32 can
 */
export function bulkShare({ isElkan }: BoundedPlan, d: number, k: number, screens: boolean): number {
  if (!isElkan) return screens ? SCREENED_SHARE : UNSCREENED_SHARE;
  // Instructions of either way, as they were measured to weigh.
  const inBulk = k * (0.7 * d + 8) + 1.5 * d + 100;
  const oneByOne = 2.5 * d + 180;
  return (inBulk / oneByOne - 1) / k;
}
