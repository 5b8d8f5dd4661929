import { FLOAT32_TINY, LONGEST } from "../constants";

/*
 * Squared distances by float32. With y = x - centre and b = centroid - centre, a squared distance is
 * |y|^2 + |b|^2 - 2 y.b; the last two terms, here the score, are computed in float32. Rounding y and b, a sum of d
 * products and two more operations leave an error of at most 2^-24 * (2 (d + 4) |y||b| + 2 |b|^2), to first order;
 * UNIT has room for the higher ones.
 */
const UNIT: f64 = 6.2e-8;

/** Whether scores of a row of such a length mean anything. */
export function hasScores(length: f64): bool {
  return length < LONGEST;
}

/** By how much the squared norm of a row and its score may miss a squared distance. */
export function errorOf(length: f64, longest: f64, d: i32, slack: f64): f64 {
  const both = length + longest;
  return (
    UNIT * (2 * <f64>(d + 4) * length * longest + 2 * longest * longest) + slack * both * both + FLOAT32_TINY
  );
}

/** Writes a row less the centre as float32; returns its squared norm. */
export function toSingles(row: usize, centre: usize, single: usize, bytes: usize): f64 {
  const pairs = bytes & ~15;
  let sum = f64x2.splat(0);
  for (let f: usize = 0; f < pairs; f += 16) {
    const y = f64x2.sub(v128.load(row + f), v128.load(centre + f));
    sum = f64x2.add(sum, f64x2.mul(y, y));
    v128.store64_lane(single + (f >> 1), f32x4.demote_f64x2_zero(y), 0);
  }
  let norm = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (pairs < bytes) {
    const y = f64.load(row + pairs) - f64.load(centre + pairs);
    norm += y * y;
    f32.store(single + (pairs >> 1), <f32>y);
  }
  return norm;
}

/**
 * Scores of eight centroids for four rows.
 *
 * @param singles (4, d) f32, @param singleBytes of one
 * @param panel (d, 8) f32, @param norms (8,) f32
 * @param scores receives (4, 8) f32
 */
export function score(singles: usize, singleBytes: usize, panel: usize, norms: usize, scores: usize): void {
  const single1 = singles + singleBytes;
  const single2 = single1 + singleBytes;
  const single3 = single2 + singleBytes;
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  for (let f: usize = 0; f < singleBytes; f += 4) {
    const near = v128.load(panel);
    const next = v128.load(panel, 16);
    panel += 32;
    let x = v128.load32_splat(singles + f);
    a0 = f32x4.add(a0, f32x4.mul(x, near));
    a1 = f32x4.add(a1, f32x4.mul(x, next));
    x = v128.load32_splat(single1 + f);
    b0 = f32x4.add(b0, f32x4.mul(x, near));
    b1 = f32x4.add(b1, f32x4.mul(x, next));
    x = v128.load32_splat(single2 + f);
    c0 = f32x4.add(c0, f32x4.mul(x, near));
    c1 = f32x4.add(c1, f32x4.mul(x, next));
    x = v128.load32_splat(single3 + f);
    d0 = f32x4.add(d0, f32x4.mul(x, near));
    d1 = f32x4.add(d1, f32x4.mul(x, next));
  }
  const norm0 = v128.load(norms);
  const norm1 = v128.load(norms, 16);
  v128.store(scores, f32x4.sub(norm0, f32x4.add(a0, a0)));
  v128.store(scores, f32x4.sub(norm1, f32x4.add(a1, a1)), 16);
  v128.store(scores, f32x4.sub(norm0, f32x4.add(b0, b0)), 32);
  v128.store(scores, f32x4.sub(norm1, f32x4.add(b1, b1)), 48);
  v128.store(scores, f32x4.sub(norm0, f32x4.add(c0, c0)), 64);
  v128.store(scores, f32x4.sub(norm1, f32x4.add(c1, c1)), 80);
  v128.store(scores, f32x4.sub(norm0, f32x4.add(d0, d0)), 96);
  v128.store(scores, f32x4.sub(norm1, f32x4.add(d1, d1)), 112);
}
