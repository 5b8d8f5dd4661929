import { aboveFloat64, belowFloat64, LEAST_BOUND, lowered, raised } from "./bounds.as";
import { exactDistance, roughDistance } from "./distances.as";
import { BoundedProblem } from "./problem.as";

/** Bytes that come from memory together. */
const LINE_BYTES: usize = 64;
/** Rows, and bytes of each, that come at once; longer rows the processor fetches ahead by itself. */
const TOUCHED_ROWS: i32 = 8;
const MOST_TOUCHED_BYTES: usize = 1024;

/**
 * As `refine`, with a bound for each centroid: distances are computed one by one, in whichever order of the features
 * is quickest, and in that of the reference only where that does not tell two centroids apart.
 *
 * @returns distances that were computed beside each row's to its own centroid
 * @see Elkan, Using the triangle inequality to accelerate k-means, ICML 2003
 */
export function elkanRefine(p: BoundedProblem, list: usize, m: i32, skips: bool): i32 {
  const nBounds = <usize>p.nBounds;
  const slack = p.slack;
  const inflation = 1 + slack;
  const anyDrift = p.anyDrift;
  const centroids = p.centroids;
  const drifts = p.drifts;
  const float32Drifts = p.float32Drifts + (nBounds << 2);
  const k = p.k;
  const rowBytes = (<usize>p.d) << 3;
  let nComputed = 0;
  for (let i = 0; i < m; i++) {
    if (!skips && i % TOUCHED_ROWS === 0) touch(p, list + ((<usize>i) << 2), min(m - i, TOUCHED_ROWS));
    const index = <usize>i32.load(list + ((<usize>i) << 2));
    const at = index << 2;
    const row = p.rows + index * rowBytes;
    const bounds = p.bounds + ((index * nBounds) << 2);
    let label = i32.load(p.labels + at);
    if (skips) {
      const most = <f64>f32.load(p.uppers + at) + f64.load(drifts + ((<usize>label) << 3));
      if (most * inflation + LEAST_BOUND < <f64>f32.load(p.lowers + at) - anyDrift) continue;
    }
    let near = roughDistance(row, centroids + <usize>label * rowBytes, rowBytes);
    let exact: f64 = -1;
    let limit = aboveFloat64(near, slack) * inflation;
    keep(bounds, label, belowFloat64(near, slack), drifts);
    for (let c: usize = 0; c < nBounds; c += 4) {
      let undecided = i32x4.bitmask(
        v128.not(f32x4.gt(presentBounds(bounds, float32Drifts, c), f32x4.splat(raised(limit)))),
      );
      while (undecided !== 0) {
        const other = <i32>c + ctz(undecided);
        undecided &= undecided - 1;
        if (other === label || other >= k) continue;
        const least =
          <f64>f32.load(bounds + ((<usize>other) << 2)) - f64.load(drifts + ((<usize>other) << 3));
        if (least > limit && least > LEAST_BOUND) continue;
        const far = roughDistance(row, centroids + <usize>other * rowBytes, rowBytes);
        const farLeast = belowFloat64(far, slack);
        nComputed++;
        keep(bounds, other, farLeast, drifts);
        if (farLeast > limit && farLeast > LEAST_BOUND) continue;
        const nearLeast = belowFloat64(near, slack);
        if (nearLeast > aboveFloat64(far, slack) * inflation && nearLeast > LEAST_BOUND) {
          exact = -1;
        } else {
          if (exact < 0) exact = exactDistance(row, centroids + <usize>label * rowBytes, rowBytes);
          const otherExact = exactDistance(row, centroids + <usize>other * rowBytes, rowBytes);
          // Of equals the lower index wins.
          if (!(otherExact < exact || (otherExact === exact && other < label))) continue;
          exact = otherExact;
        }
        label = other;
        near = far;
        limit = aboveFloat64(near, slack) * inflation;
      }
    }
    const lower = leastOther(bounds, float32Drifts, nBounds, label);
    i32.store(p.labels + at, label);
    f32.store(p.uppers + at, raised(aboveFloat64(near, slack) - f64.load(drifts + ((<usize>label) << 3))));
    f32.store(p.lowers + at, lowered(<f64>lower + anyDrift));
  }
  return nComputed;
}

/** Reads some rows and what is known of them, so that they come from memory at once and not one after the other. */
function touch(p: BoundedProblem, list: usize, m: i32): void {
  const rowBytes = (<usize>p.d) << 3;
  const touched = min(rowBytes, MOST_TOUCHED_BYTES);
  const boundBytes = (<usize>p.nBounds) << 2;
  let all: i32 = 0;
  for (let i: usize = 0; i < (<usize>m) << 2; i += 4) {
    const index = <usize>i32.load(list + i);
    const row = p.rows + index * rowBytes;
    const bounds = p.bounds + index * boundBytes;
    for (let at: usize = 0; at < touched; at += LINE_BYTES) all |= i32.load(row + at);
    for (let at: usize = 0; at < boundBytes; at += LINE_BYTES) all |= i32.load(bounds + at);
  }
  // Nobody wants it, but a compiler would leave out what nobody keeps.
  i32.store(p.scratch, all);
}

/** Stores a bound on the distance to a centroid. */
function keep(bounds: usize, centroid: i32, least: f64, drifts: usize): void {
  f32.store(bounds + ((<usize>centroid) << 2), lowered(least + f64.load(drifts + ((<usize>centroid) << 3))));
}

/** Bounds on the distances to four centroids where they are now; the difference rounded, which `raised` allows for. */
function presentBounds(bounds: usize, float32Drifts: usize, first: usize): v128 {
  return f32x4.sub(v128.load(bounds + (first << 2)), v128.load(float32Drifts + (first << 2)));
}

/** A lower bound on the distance to any centroid but one. */
function leastOther(bounds: usize, float32Drifts: usize, nBounds: usize, label: i32): f32 {
  let lowest = f32x4.splat(Infinity);
  let indices = i32x4(0, 1, 2, 3);
  for (let c: usize = 0; c < nBounds; c += 4) {
    const own = i32x4.eq(indices, i32x4.splat(label));
    const present = presentBounds(bounds, float32Drifts, c);
    lowest = f32x4.pmin(lowest, v128.bitselect(f32x4.splat(Infinity), present, own));
    indices = i32x4.add(indices, i32x4.splat(4));
  }
  const a = min<f32>(f32x4.extract_lane(lowest, 0), f32x4.extract_lane(lowest, 1));
  const b = min<f32>(f32x4.extract_lane(lowest, 2), f32x4.extract_lane(lowest, 3));
  return lowered(min<f32>(a, b));
}
