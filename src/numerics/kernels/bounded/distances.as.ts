/** Squared distance added up in the order of the features. */
export function exactDistance(a: usize, b: usize, bytes: usize): f64 {
  let sum: f64 = 0;
  for (let f: usize = 0; f < bytes; f += 8) {
    const t = f64.load(a + f) - f64.load(b + f);
    sum += t * t;
  }
  return sum;
}

/** Squared distance added up in whichever order is quickest: good for bounds. */
export function roughDistance(a: usize, b: usize, bytes: usize): f64 {
  const whole = bytes & ~63;
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  for (let f: usize = 0; f < whole; f += 64) {
    let t = f64x2.sub(v128.load(a + f), v128.load(b + f));
    s0 = f64x2.add(s0, f64x2.mul(t, t));
    t = f64x2.sub(v128.load(a + f, 16), v128.load(b + f, 16));
    s1 = f64x2.add(s1, f64x2.mul(t, t));
    t = f64x2.sub(v128.load(a + f, 32), v128.load(b + f, 32));
    s2 = f64x2.add(s2, f64x2.mul(t, t));
    t = f64x2.sub(v128.load(a + f, 48), v128.load(b + f, 48));
    s3 = f64x2.add(s3, f64x2.mul(t, t));
  }
  s0 = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (let f = whole; f < bytes; f += 8) {
    const t = f64.load(a + f) - f64.load(b + f);
    sum += t * t;
  }
  return sum;
}
