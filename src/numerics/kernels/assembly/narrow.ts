import { abovePair, belowPair, loweredPair, raisedPair } from "./bounds";
import { Problem } from "./problem";

/**
 * Finds the nearest centroid of each of m rows, and stores the bounds that `refine` keeps, where all centroids are
 * one group: all distances, a lane a row. Four rows at a time.
 *
 * @param list (m,) i32, indices of rows, and three more of any rows
 */
export function narrow(p: Problem, list: usize, m: i32): void {
  const d = <usize>p.d;
  const k = p.k;
  const columns = p.singles;
  const rowBytes = d << 3;
  const one = f64x2.splat(1);
  for (let i = 0; i < m; i += 4) {
    const four = list + ((<usize>i) << 2);
    const row0 = p.rows + <usize>i32.load(four) * rowBytes;
    const row1 = p.rows + <usize>i32.load(four, 4) * rowBytes;
    const row2 = p.rows + <usize>i32.load(four, 8) * rowBytes;
    const row3 = p.rows + <usize>i32.load(four, 12) * rowBytes;
    let best0 = f64x2.splat(Infinity);
    let best1 = best0;
    let second0 = best0;
    let second1 = best0;
    let label0 = f64x2.splat(0);
    let label1 = label0;
    let index = label0;
    let centroid = p.centroids;
    if (d === 2) {
      const x0 = v128.shuffle<f64>(v128.load(row0), v128.load(row1), 0, 2);
      const x1 = v128.shuffle<f64>(v128.load(row2), v128.load(row3), 0, 2);
      const y0 = v128.shuffle<f64>(v128.load(row0), v128.load(row1), 1, 3);
      const y1 = v128.shuffle<f64>(v128.load(row2), v128.load(row3), 1, 3);
      for (let c = 0; c < k; c++) {
        const x = v128.load64_splat(centroid);
        const y = v128.load64_splat(centroid, 8);
        centroid += 16;
        const dx0 = f64x2.sub(x0, x);
        const dx1 = f64x2.sub(x1, x);
        const dy0 = f64x2.sub(y0, y);
        const dy1 = f64x2.sub(y1, y);
        const sum0 = f64x2.add(f64x2.mul(dx0, dx0), f64x2.mul(dy0, dy0));
        const sum1 = f64x2.add(f64x2.mul(dx1, dx1), f64x2.mul(dy1, dy1));
        label0 = v128.bitselect(index, label0, f64x2.lt(sum0, best0));
        label1 = v128.bitselect(index, label1, f64x2.lt(sum1, best1));
        second0 = f64x2.pmin(second0, f64x2.pmax(best0, sum0));
        second1 = f64x2.pmin(second1, f64x2.pmax(best1, sum1));
        best0 = f64x2.pmin(best0, sum0);
        best1 = f64x2.pmin(best1, sum1);
        index = f64x2.add(index, one);
      }
    } else {
      for (let f: usize = 0; f < rowBytes; f += 8) {
        const column = columns + (f << 2);
        v128.store(column, v128.load64_lane(row1 + f, v128.load64_zero(row0 + f), 1));
        v128.store(column, v128.load64_lane(row3 + f, v128.load64_zero(row2 + f), 1), 16);
      }
      for (let c = 0; c < k; c++) {
        let sum0 = f64x2.splat(0);
        let sum1 = sum0;
        for (let column = columns; column < columns + (rowBytes << 2); column += 32) {
          const value = v128.load64_splat(centroid);
          const t0 = f64x2.sub(v128.load(column), value);
          const t1 = f64x2.sub(v128.load(column, 16), value);
          sum0 = f64x2.add(sum0, f64x2.mul(t0, t0));
          sum1 = f64x2.add(sum1, f64x2.mul(t1, t1));
          centroid += 8;
        }
        label0 = v128.bitselect(index, label0, f64x2.lt(sum0, best0));
        label1 = v128.bitselect(index, label1, f64x2.lt(sum1, best1));
        second0 = f64x2.pmin(second0, f64x2.pmax(best0, sum0));
        second1 = f64x2.pmin(second1, f64x2.pmax(best1, sum1));
        best0 = f64x2.pmin(best0, sum0);
        best1 = f64x2.pmin(best1, sum1);
        index = f64x2.add(index, one);
      }
    }
    keep(p, four, min(m - i, 4), label0, label1, best0, best1, second0, second1);
  }
}

/** Stores what is found of up to four rows: `above`, `below`, `raised` and `lowered`, two rows at a time. */
function keep(
  p: Problem,
  four: usize,
  left: i32,
  label0: v128,
  label1: v128,
  best0: v128,
  best1: v128,
  second0: v128,
  second1: v128,
): void {
  const labels = v128.shuffle<i32>(
    i32x4.trunc_sat_f64x2_s_zero(label0),
    i32x4.trunc_sat_f64x2_s_zero(label1),
    0,
    1,
    4,
    5,
  );
  const drifts = p.drifts;
  const nearest0 = (<usize>i32x4.extract_lane(labels, 0)) << 3;
  const nearest1 = (<usize>i32x4.extract_lane(labels, 1)) << 3;
  const nearest2 = (<usize>i32x4.extract_lane(labels, 2)) << 3;
  const nearest3 = (<usize>i32x4.extract_lane(labels, 3)) << 3;
  const drifts0 = v128.load64_lane(drifts + nearest1, v128.load64_zero(drifts + nearest0), 1);
  const drifts1 = v128.load64_lane(drifts + nearest3, v128.load64_zero(drifts + nearest2), 1);
  const uppers = toSingles(
    raisedPair(f64x2.sub(abovePair(best0, p.slack), drifts0)),
    raisedPair(f64x2.sub(abovePair(best1, p.slack), drifts1)),
  );
  const anyDrift = f64x2.splat(p.anyDrift);
  const lowers = toSingles(
    loweredPair(f64x2.add(belowPair(second0, p.slack), anyDrift)),
    loweredPair(f64x2.add(belowPair(second1, p.slack), anyDrift)),
  );
  let at = (<usize>i32.load(four)) << 2;
  v128.store32_lane(p.labels + at, labels, 0);
  v128.store32_lane(p.uppers + at, uppers, 0);
  v128.store32_lane(p.lowers + at, lowers, 0);
  if (left < 2) return;
  at = (<usize>i32.load(four, 4)) << 2;
  v128.store32_lane(p.labels + at, labels, 1);
  v128.store32_lane(p.uppers + at, uppers, 1);
  v128.store32_lane(p.lowers + at, lowers, 1);
  if (left < 3) return;
  at = (<usize>i32.load(four, 8)) << 2;
  v128.store32_lane(p.labels + at, labels, 2);
  v128.store32_lane(p.uppers + at, uppers, 2);
  v128.store32_lane(p.lowers + at, lowers, 2);
  if (left < 4) return;
  at = (<usize>i32.load(four, 12)) << 2;
  v128.store32_lane(p.labels + at, labels, 3);
  v128.store32_lane(p.uppers + at, uppers, 3);
  v128.store32_lane(p.lowers + at, lowers, 3);
}

function toSingles(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5);
}
