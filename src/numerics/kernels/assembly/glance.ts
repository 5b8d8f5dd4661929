import { pinned } from "./pinned";
import { Problem } from "./problem";
import { below, keepGroups, PLACE_BITS, settle } from "./settle";

/**
 * Bounds on the distances of m rows to the centroids of each group, at most 32, from float32; and for each row the
 * centroid that seems nearest, which it is where the upper bound is below all lower ones. A lane is a row.
 *
 * The place of a centroid in its group stands in for the last bits of its squared distance, so that the least of the
 * two together is found without a branch: see settle.ts.
 *
 * @param list (m,) i32, indices of rows, and three more of any rows
 * @returns how many rows are undecided; p.doubts lists them
 */
export function glance(p: Problem, list: usize, m: i32): i32 {
  let doubts = p.doubts;
  let i = 0;
  if (p.d === 2 && p.nGroups === 1) {
    for (; i + 8 <= m; i += 8) doubts = glancePairs(p, list + ((<usize>i) << 2), doubts);
  }
  for (; i < m; i += 4) doubts = glanceFour(p, list + ((<usize>i) << 2), min(4, m - i), doubts);
  return <i32>((doubts - p.doubts) >> 2);
}

/** Eight rows of two features; all centroids are one group. */
function glancePairs(p: Problem, eight: usize, doubts: usize): usize {
  const rows = p.rows;
  const middle = v128.load(p.centre);
  const xy0 = centred(rows, eight, middle);
  const xy1 = centred(rows, eight + 4, middle);
  const xy2 = centred(rows, eight + 8, middle);
  const xy3 = centred(rows, eight + 12, middle);
  const xy4 = centred(rows, eight + 16, middle);
  const xy5 = centred(rows, eight + 20, middle);
  const xy6 = centred(rows, eight + 24, middle);
  const xy7 = centred(rows, eight + 28, middle);
  const xy01 = v128.shuffle<f32>(xy0, xy1, 0, 4, 1, 5);
  const xy23 = v128.shuffle<f32>(xy2, xy3, 0, 4, 1, 5);
  const xy45 = v128.shuffle<f32>(xy4, xy5, 0, 4, 1, 5);
  const xy67 = v128.shuffle<f32>(xy6, xy7, 0, 4, 1, 5);
  const x0 = pinned(v128.shuffle<f32>(xy01, xy23, 0, 1, 4, 5));
  const y0 = pinned(v128.shuffle<f32>(xy01, xy23, 2, 3, 6, 7));
  const x1 = pinned(v128.shuffle<f32>(xy45, xy67, 0, 1, 4, 5));
  const y1 = pinned(v128.shuffle<f32>(xy45, xy67, 2, 3, 6, 7));
  const placeBits = pinned(i32x4.splat(PLACE_BITS));
  const one = pinned(i32x4.splat(1));
  let best0 = i32x4.splat(i32.MAX_VALUE);
  let best1 = best0;
  let second0 = best0;
  let second1 = best0;
  let place = i32x4.splat(0);
  let panel = p.singlePanels;
  for (let left = p.k; left > 0; left -= 8, panel += 32) {
    const end = panel + ((<usize>min(left, 8)) << 2);
    for (; panel < end; panel += 4) {
      const x = v128.load32_splat(panel);
      const y = v128.load32_splat(panel, 32);
      const dx0 = f32x4.sub(x0, x);
      const dx1 = f32x4.sub(x1, x);
      const dy0 = f32x4.sub(y0, y);
      const dy1 = f32x4.sub(y1, y);
      const square0 = f32x4.add(f32x4.mul(dx0, dx0), f32x4.mul(dy0, dy0));
      const square1 = f32x4.add(f32x4.mul(dx1, dx1), f32x4.mul(dy1, dy1));
      const packed0 = v128.or(v128.andnot(square0, placeBits), place);
      const packed1 = v128.or(v128.andnot(square1, placeBits), place);
      second0 = i32x4.min_s(second0, i32x4.max_s(best0, packed0));
      second1 = i32x4.min_s(second1, i32x4.max_s(best1, packed1));
      best0 = i32x4.min_s(best0, packed0);
      best1 = i32x4.min_s(best1, packed1);
      place = i32x4.add(place, one);
    }
  }
  doubts = settle(p, eight, 4, v128.and(best0, placeBits), best0, below(p, second0), doubts);
  return settle(p, eight + 16, 4, v128.and(best1, placeBits), best1, below(p, second1), doubts);
}

/** A row of two features less the centre, in the two low lanes. */
function centred(rows: usize, at: usize, centre: v128): v128 {
  return f32x4.demote_f64x2_zero(f64x2.sub(v128.load(rows + ((<usize>i32.load(at)) << 4)), centre));
}

/** Four rows of any number of features. */
function glanceFour(p: Problem, four: usize, left: i32, doubts: usize): usize {
  const nGroups = p.nGroups;
  // These panels are twice as wide as those of float64.
  const panelsPerGroup = p.panelsPerGroup >> 1;
  const columns = p.singles;
  const columnsEnd = columns + ((<usize>p.d) << 4);
  const groups = p.scratch;
  fillColumns(p, four, columns);
  const placeBits = pinned(i32x4.splat(PLACE_BITS));
  let best = i32x4.splat(i32.MAX_VALUE);
  let second = best;
  let leader = i32x4.splat(0);
  let panel = p.singlePanels;
  let places = p.places;
  for (let g = 0; g < nGroups; g++) {
    let groupBest = i32x4.splat(i32.MAX_VALUE);
    let groupSecond = groupBest;
    for (let l = 0; l < panelsPerGroup; l++, places += 32) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let s4 = s0;
      let s5 = s0;
      let s6 = s0;
      let s7 = s0;
      for (let column = columns; column < columnsEnd; column += 16, panel += 32) {
        const x = v128.load(column);
        s0 = f32x4.add(s0, square(x, panel));
        s1 = f32x4.add(s1, square(x, panel + 4));
        s2 = f32x4.add(s2, square(x, panel + 8));
        s3 = f32x4.add(s3, square(x, panel + 12));
        s4 = f32x4.add(s4, square(x, panel + 16));
        s5 = f32x4.add(s5, square(x, panel + 20));
        s6 = f32x4.add(s6, square(x, panel + 24));
        s7 = f32x4.add(s7, square(x, panel + 28));
      }
      s0 = v128.or(v128.andnot(s0, placeBits), v128.load32_splat(places));
      s1 = v128.or(v128.andnot(s1, placeBits), v128.load32_splat(places, 4));
      s2 = v128.or(v128.andnot(s2, placeBits), v128.load32_splat(places, 8));
      s3 = v128.or(v128.andnot(s3, placeBits), v128.load32_splat(places, 12));
      s4 = v128.or(v128.andnot(s4, placeBits), v128.load32_splat(places, 16));
      s5 = v128.or(v128.andnot(s5, placeBits), v128.load32_splat(places, 20));
      s6 = v128.or(v128.andnot(s6, placeBits), v128.load32_splat(places, 24));
      s7 = v128.or(v128.andnot(s7, placeBits), v128.load32_splat(places, 28));
      // The least and the second of each two, of each four, of the eight, and of all so far.
      const in01 = i32x4.min_s(s0, s1);
      const in23 = i32x4.min_s(s2, s3);
      const in45 = i32x4.min_s(s4, s5);
      const in67 = i32x4.min_s(s6, s7);
      const in0123 = i32x4.min_s(in01, in23);
      const in4567 = i32x4.min_s(in45, in67);
      const second0123 = i32x4.min_s(
        i32x4.min_s(i32x4.max_s(s0, s1), i32x4.max_s(s2, s3)),
        i32x4.max_s(in01, in23),
      );
      const second4567 = i32x4.min_s(
        i32x4.min_s(i32x4.max_s(s4, s5), i32x4.max_s(s6, s7)),
        i32x4.max_s(in45, in67),
      );
      const all = i32x4.min_s(in0123, in4567);
      const allSecond = i32x4.min_s(i32x4.min_s(second0123, second4567), i32x4.max_s(in0123, in4567));
      groupSecond = i32x4.min_s(i32x4.min_s(groupSecond, allSecond), i32x4.max_s(groupBest, all));
      groupBest = i32x4.min_s(groupBest, all);
    }
    v128.store(groups + ((<usize>g) << 4), groupBest);
    const leads = i32x4.lt_s(groupBest, best);
    best = i32x4.min_s(best, groupBest);
    second = v128.bitselect(groupSecond, second, leads);
    leader = v128.bitselect(i32x4.splat(g), leader, leads);
  }
  let labels = v128.and(best, placeBits);
  if (nGroups === 1) return settle(p, four, left, labels, best, below(p, second), doubts);
  // The nearest itself is no other of its group.
  v128.store32_lane(groups + ((<usize>i32x4.extract_lane(leader, 0)) << 4), second, 0);
  v128.store32_lane(groups + ((<usize>i32x4.extract_lane(leader, 1)) << 4) + 4, second, 1);
  v128.store32_lane(groups + ((<usize>i32x4.extract_lane(leader, 2)) << 4) + 8, second, 2);
  v128.store32_lane(groups + ((<usize>i32x4.extract_lane(leader, 3)) << 4) + 12, second, 3);
  const lanes = i32x4.add(i32x4.mul(leader, i32x4.splat(p.panelsPerGroup << 2)), labels);
  const indices = p.singleIndices;
  labels = v128.load32_zero(indices + ((<usize>i32x4.extract_lane(lanes, 0)) << 2));
  labels = v128.load32_lane(indices + ((<usize>i32x4.extract_lane(lanes, 1)) << 2), labels, 1);
  labels = v128.load32_lane(indices + ((<usize>i32x4.extract_lane(lanes, 2)) << 2), labels, 2);
  labels = v128.load32_lane(indices + ((<usize>i32x4.extract_lane(lanes, 3)) << 2), labels, 3);
  return settle(p, four, left, labels, best, keepGroups(p, four, left), doubts);
}

/** Writes four rows less the centre as (d, 4) f32. */
function fillColumns(p: Problem, four: usize, column: usize): void {
  const rowBytes = (<usize>p.d) << 3;
  const row0 = p.rows + <usize>i32.load(four) * rowBytes;
  const row1 = p.rows + <usize>i32.load(four, 4) * rowBytes;
  const row2 = p.rows + <usize>i32.load(four, 8) * rowBytes;
  const row3 = p.rows + <usize>i32.load(four, 12) * rowBytes;
  const centre = p.centre;
  for (let f: usize = 0; f < rowBytes; f += 8, column += 16) {
    const middle = v128.load64_splat(centre + f);
    const low = v128.load64_lane(row1 + f, v128.load64_zero(row0 + f), 1);
    const high = v128.load64_lane(row3 + f, v128.load64_zero(row2 + f), 1);
    const lows = f32x4.demote_f64x2_zero(f64x2.sub(low, middle));
    const highs = f32x4.demote_f64x2_zero(f64x2.sub(high, middle));
    v128.store(column, v128.shuffle<f32>(lows, highs, 0, 1, 4, 5));
  }
}

/** Of the difference of four rows from a centroid in one feature. */
function square(x: v128, value: usize): v128 {
  const t = f32x4.sub(x, v128.load32_splat(value));
  return f32x4.mul(t, t);
}
