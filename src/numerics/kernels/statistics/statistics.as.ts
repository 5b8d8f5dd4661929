import { RowBlock } from "../memory/row-block.as";
import { weigh, weighOne } from "./weights.as";

/*
 * Sums over a block of rows, (m, d) f64: two features at a time, each in the order of the rows, as plain loops would
 * add them up. A row of weight w counts as w rows.
 */

/** Adds rows less an origin, (d,), to sums, (d,). */
export function addShifted(block: RowBlock, origin: usize, sums: usize): void {
  if (block.weights === 0) addShiftedRows<void>(block, origin, sums);
  else addShiftedRows<f64>(block, origin, sums);
}

function addShiftedRows<W>(block: RowBlock, origin: usize, sums: usize): void {
  const m = block.m;
  const weights = block.weights;
  const rowBytes = (<usize>block.d) << 3;
  const pairBytes = rowBytes & ~15;
  for (let f: usize = 0; f < pairBytes; f += 16) {
    const shift = v128.load(origin + f);
    let sum = v128.load(sums + f);
    let row = block.rows + f;
    for (let i = 0; i < m; i++, row += rowBytes) {
      sum = f64x2.add(sum, weigh<W>(f64x2.sub(v128.load(row), shift), weights, i));
    }
    v128.store(sums + f, sum);
  }
  if (pairBytes === rowBytes) return;
  const shift = f64.load(origin + pairBytes);
  let sum = f64.load(sums + pairBytes);
  let row = block.rows + pairBytes;
  for (let i = 0; i < m; i++, row += rowBytes) {
    sum += weighOne<W>(f64.load(row) - shift, weights, i);
  }
  f64.store(sums + pairBytes, sum);
}

/** Adds the squares of rows less an origin less a mean, (d,) each, to sums, (d,). */
export function addSquares(block: RowBlock, origin: usize, mean: usize, sums: usize): void {
  if (block.weights === 0) addSquaresOfRows<void>(block, origin, mean, sums);
  else addSquaresOfRows<f64>(block, origin, mean, sums);
}

function addSquaresOfRows<W>(block: RowBlock, origin: usize, mean: usize, sums: usize): void {
  const m = block.m;
  const weights = block.weights;
  const rowBytes = (<usize>block.d) << 3;
  const pairBytes = rowBytes & ~15;
  for (let f: usize = 0; f < pairBytes; f += 16) {
    const shift = v128.load(origin + f);
    const middle = v128.load(mean + f);
    let sum = v128.load(sums + f);
    let row = block.rows + f;
    for (let i = 0; i < m; i++, row += rowBytes) {
      const t = f64x2.sub(f64x2.sub(v128.load(row), shift), middle);
      sum = f64x2.add(sum, weigh<W>(f64x2.mul(t, t), weights, i));
    }
    v128.store(sums + f, sum);
  }
  if (pairBytes === rowBytes) return;
  const shift = f64.load(origin + pairBytes);
  const middle = f64.load(mean + pairBytes);
  let sum = f64.load(sums + pairBytes);
  let row = block.rows + pairBytes;
  for (let i = 0; i < m; i++, row += rowBytes) {
    const t = f64.load(row) - shift - middle;
    sum += weighOne<W>(t * t, weights, i);
  }
  f64.store(sums + pairBytes, sum);
}

/**
 * Adds the outer products of rows less a mean, (d,), with themselves.
 *
 * @param centered scratch, (d,) f64
 * @param upper (d * (d + 1) / 2,) f64, the upper triangle, row by row
 */
export function addProducts(block: RowBlock, mean: usize, centered: usize, upper: usize): void {
  const weights = block.weights;
  const rowBytes = (<usize>block.d) << 3;
  let row = block.rows;
  for (let i = 0; i < block.m; i++, row += rowBytes) {
    for (let f: usize = 0; f < rowBytes; f += 8) {
      f64.store(centered + f, f64.load(row + f) - f64.load(mean + f));
    }
    const weight = weights === 0 ? 1 : f64.load(weights + ((<usize>i) << 3));
    let sum = upper;
    for (let a: usize = 0; a < rowBytes; a += 8) {
      const factor = weight * f64.load(centered + a);
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

/** Takes rows less a mean, (d,), over a scale, (d,); 0 where the scale is 0. Their weights play no part. */
export function standardize(block: RowBlock, mean: usize, scale: usize): void {
  const rowBytes = (<usize>block.d) << 3;
  let row = block.rows;
  for (let i = 0; i < block.m; i++, row += rowBytes) {
    for (let f: usize = 0; f < rowBytes; f += 8) {
      const divisor = f64.load(scale + f);
      const value = (f64.load(row + f) - f64.load(mean + f)) / divisor;
      f64.store(row + f, divisor > 0 ? value : 0);
    }
  }
}
