import { squaredDistance } from "../../distances.js";
import { DISTANCE_TINY, FLOAT32_ERROR, FLOAT32_TINY } from "../constants.js";
import type { Grouping } from "./panels.js";

/** Upper bounds on how far centroids have moved since the first round. */
export interface Drifts {
  /** Any of them. */
  any: number;
  /** (nGroups,) any of a group, and (k,) each. */
  readonly ofGroups: Float64Array;
  readonly ofEach: Float64Array;
  /** (2, nBounds) `ofEach` rounded down, and rounded up; not kept where there is no bound for each. */
  readonly float32: Float32Array;
}

/** Adds one move, from some centroids to others, (k, d) each. */
export function addDrifts(
  drifts: Drifts,
  { groups, nGroups }: Grouping,
  before: Float64Array,
  after: Float64Array,
  d: number,
  slack: number,
): void {
  const { ofGroups, ofEach, float32 } = drifts;
  const groupSteps = new Float64Array(nGroups);
  let anyStep = 0;
  for (let c = 0; c < groups.length; c++) {
    const squared = squaredDistance(before, c, after, c, d);
    if (squared === 0 && equalRows(before, after, c, d)) continue;
    const step = Math.sqrt(squared) * (1 + slack) + DISTANCE_TINY;
    ofEach[c] = (ofEach[c] + step) * (1 + 2 ** -52);
    groupSteps[groups[c]] = Math.max(groupSteps[groups[c]], step);
    anyStep = Math.max(anyStep, step);
  }
  for (let g = 0; g < nGroups; g++) ofGroups[g] = (ofGroups[g] + groupSteps[g]) * (1 + 2 ** -52);
  drifts.any = (drifts.any + anyStep) * (1 + 2 ** -52);
  const nBounds = float32.length / 2;
  if (nBounds < ofEach.length) return;
  for (let c = 0; c < ofEach.length; c++) {
    float32[c] = Math.max(0, ofEach[c] * (1 - FLOAT32_ERROR) - FLOAT32_TINY);
    float32[nBounds + c] = ofEach[c] * (1 + FLOAT32_ERROR) + FLOAT32_TINY;
  }
}

/** Lower bounds on half of each centroid's distance to its nearest other one; 0 where they cost more than they save. */
export function halfSeparations(centroids: Float64Array, d: number, n: number, slack: number): Float64Array {
  const k = centroids.length / d;
  const halfSeparations = new Float64Array(k);
  if (k * k * 4 > n) return halfSeparations;
  const squares = new Float64Array(k).fill(Infinity);
  for (let a = 0; a < k; a++) {
    for (let b = a + 1; b < k; b++) {
      const squared = squaredDistance(centroids, a, centroids, b, d);
      if (squared < squares[a]) squares[a] = squared;
      if (squared < squares[b]) squares[b] = squared;
    }
  }
  for (let c = 0; c < k; c++)
    halfSeparations[c] = Math.min(1e38, (Math.sqrt(squares[c]) * (1 - slack)) / 2 - DISTANCE_TINY);
  return halfSeparations;
}

function equalRows(a: Float64Array, b: Float64Array, row: number, d: number): boolean {
  for (let f = row * d; f < (row + 1) * d; f++) if (a[f] !== b[f]) return false;
  return true;
}
