/** Centroids side by side in a float64 panel: two lanes of two vectors. */
export const LANES = 4;
/** Centroids side by side in a float32 panel, which is as long as a group at least. */
const FLOAT32_LANES = 8;

/** How centroids are spread over groups that share a lower bound, and over the panels of each group. */
export interface Grouping {
  readonly nGroups: number;
  readonly panelsPerGroup: number;
  /** (nGroups * panelsPerGroup * LANES,) the centroid in each lane; -1 where there is none. */
  readonly lanes: Int32Array;
  /** (k,) group of each centroid. */
  readonly groups: Int32Array;
}

/** All centroids in one group, in order of their index. */
export function oneGroup(k: number): Grouping {
  const { panelsPerGroup } = groupSizes(k, 1);
  const lanes = Int32Array.from({ length: panelsPerGroup * LANES }, (_, lane) => (lane < k ? lane : -1));
  return { nGroups: 1, panelsPerGroup, lanes, groups: new Int32Array(k) };
}

/**
 * How many groups there are, and panels in each.
 *
 * @param most bound on the number of groups
 */
export function groupSizes(k: number, most: number): Pick<Grouping, "nGroups" | "panelsPerGroup"> {
  const nPanels = Math.ceil(k / FLOAT32_LANES);
  const size = Math.ceil(nPanels / Math.max(1, Math.min(most, nPanels))) * FLOAT32_LANES;
  if (k <= LANES) return { nGroups: 1, panelsPerGroup: 1 };
  return { nGroups: Math.ceil(k / size), panelsPerGroup: size / LANES };
}

/**
 * Groups of centroids near one another, which are likely to move alike: halved again and again at the median
 * of the feature in which they differ most.
 *
 * @param centroids (k, d) row-major
 * @param most bound on the number of groups
 */
export function groupCentroids(centroids: Float64Array, d: number, most: number): Grouping {
  const k = centroids.length / d;
  const { nGroups, panelsPerGroup } = groupSizes(k, most);
  if (nGroups === 1) return oneGroup(k);
  const size = panelsPerGroup * LANES;
  const parts: number[][] = [];
  const split = (members: number[]): void => {
    if (members.length <= size) {
      parts.push(members.sort((a, b) => a - b));
      return;
    }
    const feature = widestFeature(centroids, d, members);
    members.sort((a, b) => centroids[a * d + feature] - centroids[b * d + feature] || a - b);
    // Whole groups to the left, so that only the last is short.
    const half = Math.ceil(Math.ceil(members.length / size) / 2) * size;
    split(members.slice(0, half));
    split(members.slice(half));
  };
  split([...Array(k).keys()]);
  const lanes = new Int32Array(nGroups * size).fill(-1);
  const groups = new Int32Array(k);
  parts.forEach((members, g) => {
    members.forEach((centroid, lane) => {
      lanes[g * size + lane] = centroid;
      groups[centroid] = g;
    });
  });
  return { nGroups, panelsPerGroup, lanes, groups };
}

function widestFeature(centroids: Float64Array, d: number, members: readonly number[]): number {
  let widest = 0;
  let most = -1;
  for (let f = 0; f < d; f++) {
    let low = Infinity;
    let high = -Infinity;
    for (const c of members) {
      const value = centroids[c * d + f];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > most) {
      most = high - low;
      widest = f;
    }
  }
  return widest;
}

/**
 * Writes centroids as float64 panels.
 *
 * @param panels receives (panels, d, LANES)
 */
export function fillPanels(
  centroids: Float64Array,
  d: number,
  lanes: Int32Array,
  panels: Float64Array,
): void {
  for (let lane = 0; lane < lanes.length; lane++) {
    const centroid = lanes[lane] * d;
    let at = (lane - (lane % LANES)) * d + (lane % LANES);
    for (let f = 0; f < d; f++, at += LANES) panels[at] = centroid < 0 ? Infinity : centroids[centroid + f];
  }
}

/**
 * Writes centroids less a centre as float32 panels, and their squared norms.
 *
 * @param panels receives (panels, d, FLOAT32_LANES)
 * @param float32Norms receives (panels, FLOAT32_LANES), Infinity where there is no centroid
 * @returns an upper bound on the largest norm
 */
export function fillFloat32Panels(
  centroids: Float64Array,
  centre: Float64Array,
  lanes: Int32Array,
  panels: Float32Array,
  float32Norms: Float32Array,
): number {
  const d = centre.length;
  let largest = 0;
  for (let lane = 0; lane < lanes.length; lane++) {
    let at = (lane - (lane % FLOAT32_LANES)) * d + (lane % FLOAT32_LANES);
    let square = 0;
    for (let f = 0; f < d; f++, at += FLOAT32_LANES) {
      const value = lanes[lane] < 0 ? 0 : centroids[lanes[lane] * d + f] - centre[f];
      square += value * value;
      panels[at] = value;
    }
    float32Norms[lane] = lanes[lane] < 0 ? Infinity : square;
    largest = Math.max(largest, square);
  }
  return Math.sqrt(largest) * (1 + 1e-9);
}
