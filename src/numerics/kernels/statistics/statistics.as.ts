/*
 * Sums over a block of rows, m of them, (m, d) f64: two features at a time, each in the order of the rows, as plain
 * loops would add them up.
 */

/** Adds rows less an origin, (d,), to sums, (d,). */
export function addShifted(rows: usize, m: i32, d: i32, origin: usize, sums: usize): void {
  const rowBytes = (<usize>d) << 3;
  const pairBytes = rowBytes & ~15;
  for (let f: usize = 0; f < pairBytes; f += 16) {
    const shift = v128.load(origin + f);
    let sum = v128.load(sums + f);
    let row = rows + f;
    for (let i = 0; i < m; i++, row += rowBytes) sum = f64x2.add(sum, f64x2.sub(v128.load(row), shift));
    v128.store(sums + f, sum);
  }
  if (pairBytes === rowBytes) return;
  const shift = f64.load(origin + pairBytes);
  let sum = f64.load(sums + pairBytes);
  let row = rows + pairBytes;
  for (let i = 0; i < m; i++, row += rowBytes) sum += f64.load(row) - shift;
  f64.store(sums + pairBytes, sum);
}

/** Adds the squares of rows less an origin less a mean, (d,) each, to sums, (d,). */
export function addSquares(rows: usize, m: i32, d: i32, origin: usize, mean: usize, sums: usize): void {
  const rowBytes = (<usize>d) << 3;
  const pairBytes = rowBytes & ~15;
  for (let f: usize = 0; f < pairBytes; f += 16) {
    const shift = v128.load(origin + f);
    const middle = v128.load(mean + f);
    let sum = v128.load(sums + f);
    let row = rows + f;
    for (let i = 0; i < m; i++, row += rowBytes) {
      const t = f64x2.sub(f64x2.sub(v128.load(row), shift), middle);
      sum = f64x2.add(sum, f64x2.mul(t, t));
    }
    v128.store(sums + f, sum);
  }
  if (pairBytes === rowBytes) return;
  const shift = f64.load(origin + pairBytes);
  const middle = f64.load(mean + pairBytes);
  let sum = f64.load(sums + pairBytes);
  let row = rows + pairBytes;
  for (let i = 0; i < m; i++, row += rowBytes) {
    const t = f64.load(row) - shift - middle;
    sum += t * t;
  }
  f64.store(sums + pairBytes, sum);
}

/**
 * Adds the outer products of rows less a mean, (d,), with themselves.
 *
 * @param centered scratch, (d,) f64
 * @param upper (d * (d + 1) / 2,) f64, the upper triangle, row by row
 */
export function addProducts(rows: usize, m: i32, d: i32, mean: usize, centered: usize, upper: usize): void {
  const rowBytes = (<usize>d) << 3;
  let row = rows;
  for (let i = 0; i < m; i++, row += rowBytes) {
    for (let f: usize = 0; f < rowBytes; f += 8) {
      f64.store(centered + f, f64.load(row + f) - f64.load(mean + f));
    }
    let sum = upper;
    for (let a: usize = 0; a < rowBytes; a += 8) {
      const factor = f64.load(centered + a);
      const factors = f64x2.splat(factor);
      let b = a;
      for (; b + 8 < rowBytes; b += 16, sum += 16) {
        v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(factors, v128.load(centered + b))));
      }
      if (b < rowBytes) {
        f64.store(sum, f64.load(sum) + factor * f64.load(centered + b));
        sum += 8;
      }
    }
  }
}

/** Takes rows less a mean, (d,), over a scale, (d,); 0 where the scale is 0. */
export function standardize(rows: usize, m: i32, d: i32, mean: usize, scale: usize): void {
  const rowBytes = (<usize>d) << 3;
  let row = rows;
  for (let i = 0; i < m; i++, row += rowBytes) {
    for (let f: usize = 0; f < rowBytes; f += 8) {
      const divisor = f64.load(scale + f);
      const value = (f64.load(row + f) - f64.load(mean + f)) / divisor;
      f64.store(row + f, divisor > 0 ? value : 0);
    }
  }
}
