import { aboveFloat32, belowFloat32, storeBounds, toFloat32 } from "./bounds.as";
import { BoundedProblem } from "./problem.as";

/**
 * Finds the nearest centroid of each of m rows, and stores the bounds that `refine` keeps, where all centroids are
 * one group: all distances, a lane a row. Four rows at a time, and three centroids: their sums just fit in registers.
 *
 * @param list (m,) i32, indices of rows, and three more of any rows
 */
export function nearestInOneGroup(p: BoundedProblem, list: usize, m: i32): void {
  const k = p.k;
  const rowBytes = (<usize>p.d) << 3;
  const pairBytes = rowBytes & ~15;
  const three = f64x2.splat(3);
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
    let centroidA = p.centroids;
    for (let left = k; left > 0; left -= 3) {
      // Where there are fewer, others stand in, and are not looked at.
      const centroidB = left > 1 ? centroidA + rowBytes : centroidA;
      const centroidC = centroidB + rowBytes;
      let a0 = f64x2.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      for (let f: usize = 0; f < pairBytes; f += 16) {
        let in0 = v128.load(row0 + f);
        let in1 = v128.load(row1 + f);
        const x0 = v128.shuffle<f64>(in0, in1, 0, 2);
        const y0 = v128.shuffle<f64>(in0, in1, 1, 3);
        in0 = v128.load(row2 + f);
        in1 = v128.load(row3 + f);
        const x1 = v128.shuffle<f64>(in0, in1, 0, 2);
        const y1 = v128.shuffle<f64>(in0, in1, 1, 3);
        a0 = f64x2.add(f64x2.add(a0, square(x0, centroidA + f)), square(y0, centroidA + f + 8));
        a1 = f64x2.add(f64x2.add(a1, square(x1, centroidA + f)), square(y1, centroidA + f + 8));
        b0 = f64x2.add(f64x2.add(b0, square(x0, centroidB + f)), square(y0, centroidB + f + 8));
        b1 = f64x2.add(f64x2.add(b1, square(x1, centroidB + f)), square(y1, centroidB + f + 8));
        if (left < 3) continue;
        c0 = f64x2.add(f64x2.add(c0, square(x0, centroidC + f)), square(y0, centroidC + f + 8));
        c1 = f64x2.add(f64x2.add(c1, square(x1, centroidC + f)), square(y1, centroidC + f + 8));
      }
      if (pairBytes < rowBytes) {
        const f = pairBytes;
        const x0 = v128.load64_lane(row1 + f, v128.load64_zero(row0 + f), 1);
        const x1 = v128.load64_lane(row3 + f, v128.load64_zero(row2 + f), 1);
        a0 = f64x2.add(a0, square(x0, centroidA + f));
        a1 = f64x2.add(a1, square(x1, centroidA + f));
        b0 = f64x2.add(b0, square(x0, centroidB + f));
        b1 = f64x2.add(b1, square(x1, centroidB + f));
        if (left > 2) {
          c0 = f64x2.add(c0, square(x0, centroidC + f));
          c1 = f64x2.add(c1, square(x1, centroidC + f));
        }
      }
      label0 = v128.bitselect(index, label0, f64x2.lt(a0, best0));
      label1 = v128.bitselect(index, label1, f64x2.lt(a1, best1));
      second0 = f64x2.pmin(second0, f64x2.pmax(best0, a0));
      second1 = f64x2.pmin(second1, f64x2.pmax(best1, a1));
      best0 = f64x2.pmin(best0, a0);
      best1 = f64x2.pmin(best1, a1);
      if (left > 1) {
        const indexB = f64x2.add(index, f64x2.splat(1));
        label0 = v128.bitselect(indexB, label0, f64x2.lt(b0, best0));
        label1 = v128.bitselect(indexB, label1, f64x2.lt(b1, best1));
        second0 = f64x2.pmin(second0, f64x2.pmax(best0, b0));
        second1 = f64x2.pmin(second1, f64x2.pmax(best1, b1));
        best0 = f64x2.pmin(best0, b0);
        best1 = f64x2.pmin(best1, b1);
      }
      if (left > 2) {
        const indexC = f64x2.add(index, f64x2.splat(2));
        label0 = v128.bitselect(indexC, label0, f64x2.lt(c0, best0));
        label1 = v128.bitselect(indexC, label1, f64x2.lt(c1, best1));
        second0 = f64x2.pmin(second0, f64x2.pmax(best0, c0));
        second1 = f64x2.pmin(second1, f64x2.pmax(best1, c1));
        best0 = f64x2.pmin(best0, c0);
        best1 = f64x2.pmin(best1, c1);
      }
      index = f64x2.add(index, three);
      centroidA = centroidC + rowBytes;
    }
    const indices0 = i32x4.trunc_sat_f64x2_s_zero(label0);
    const labels = v128.shuffle<i32>(indices0, i32x4.trunc_sat_f64x2_s_zero(label1), 0, 1, 4, 5);
    const uppers = aboveFloat32(toFloat32(best0, best1));
    storeBounds(p, four, min(m - i, 4), labels, uppers, belowFloat32(toFloat32(second0, second1)));
  }
}

/** Of the difference of two rows from a centroid in one feature. */
function square(x: v128, value: usize): v128 {
  const t = f64x2.sub(x, v128.load64_splat(value));
  return f64x2.mul(t, t);
}
