import { DIRECTION_LANES } from "../constants";
import { RowBlock } from "../memory/row-block.as";
import { weigh } from "./weights.as";

/** Of one feature of a panel: two vectors of two directions. */
const PANEL_BYTES: usize = (<usize>DIRECTION_LANES) << 3;

/**
 * Adds (row - mean) ((row - mean) . v), times the row's weight, over a block of rows, for four directions v: each
 * projection in the order of the features, each sum in the order of the rows.
 *
 * @param mean (d,) f64
 * @param directions (d, 4) f64
 * @param projections scratch, (m, 4) f64
 * @param products (d, 4) f64, added to
 */
export function addProjected(
  block: RowBlock,
  mean: usize,
  directions: usize,
  projections: usize,
  products: usize,
): void {
  if (block.weights === 0) project<void>(block, mean, directions, projections);
  else project<f64>(block, mean, directions, projections);
  addBack(block, mean, projections, products);
}

/** The first half: rows less the mean, along each direction. */
function project<W>(block: RowBlock, mean: usize, directions: usize, projections: usize): void {
  const m = block.m;
  const weights = block.weights;
  const rowBytes = (<usize>block.d) << 3;
  let row = block.rows;
  let projection = projections;
  let i = 0;
  for (; i + 1 < m; i += 2, row += rowBytes << 1, projection += PANEL_BYTES << 1) {
    let sum0 = f64x2.splat(0);
    let sum1 = sum0;
    let next0 = sum0;
    let next1 = sum0;
    let direction = directions;
    for (let f: usize = 0; f < rowBytes; f += 8, direction += PANEL_BYTES) {
      const middle = v128.load64_splat(mean + f);
      const v0 = v128.load(direction);
      const v1 = v128.load(direction, 16);
      const x = f64x2.sub(v128.load64_splat(row + f), middle);
      sum0 = f64x2.add(sum0, f64x2.mul(x, v0));
      sum1 = f64x2.add(sum1, f64x2.mul(x, v1));
      const y = f64x2.sub(v128.load64_splat(row + rowBytes + f), middle);
      next0 = f64x2.add(next0, f64x2.mul(y, v0));
      next1 = f64x2.add(next1, f64x2.mul(y, v1));
    }
    v128.store(projection, weigh<W>(sum0, weights, i));
    v128.store(projection, weigh<W>(sum1, weights, i), 16);
    v128.store(projection, weigh<W>(next0, weights, i + 1), 32);
    v128.store(projection, weigh<W>(next1, weights, i + 1), 48);
  }
  if (i < m) {
    let sum0 = f64x2.splat(0);
    let sum1 = sum0;
    let direction = directions;
    for (let f: usize = 0; f < rowBytes; f += 8, direction += PANEL_BYTES) {
      const x = f64x2.sub(v128.load64_splat(row + f), v128.load64_splat(mean + f));
      sum0 = f64x2.add(sum0, f64x2.mul(x, v128.load(direction)));
      sum1 = f64x2.add(sum1, f64x2.mul(x, v128.load(direction, 16)));
    }
    v128.store(projection, weigh<W>(sum0, weights, i));
    v128.store(projection, weigh<W>(sum1, weights, i), 16);
  }
}

/** The second half: rows less the mean times their projections, two features at a time. */
function addBack(block: RowBlock, mean: usize, projections: usize, products: usize): void {
  const rows = block.rows;
  const rowBytes = (<usize>block.d) << 3;
  const pairBytes = rowBytes & ~15;
  const end = rows + <usize>block.m * rowBytes;
  let product = products;
  for (let f: usize = 0; f < pairBytes; f += 16, product += PANEL_BYTES << 1) {
    const middle = v128.load64_splat(mean + f);
    const nextMiddle = v128.load64_splat(mean + f, 8);
    let sum0 = v128.load(product);
    let sum1 = v128.load(product, 16);
    let next0 = v128.load(product, 32);
    let next1 = v128.load(product, 48);
    let projection = projections;
    for (let row = rows + f; row < end; row += rowBytes, projection += PANEL_BYTES) {
      const p0 = v128.load(projection);
      const p1 = v128.load(projection, 16);
      const x = f64x2.sub(v128.load64_splat(row), middle);
      sum0 = f64x2.add(sum0, f64x2.mul(x, p0));
      sum1 = f64x2.add(sum1, f64x2.mul(x, p1));
      const y = f64x2.sub(v128.load64_splat(row, 8), nextMiddle);
      next0 = f64x2.add(next0, f64x2.mul(y, p0));
      next1 = f64x2.add(next1, f64x2.mul(y, p1));
    }
    v128.store(product, sum0);
    v128.store(product, sum1, 16);
    v128.store(product, next0, 32);
    v128.store(product, next1, 48);
  }
  if (pairBytes === rowBytes) return;
  const middle = v128.load64_splat(mean + pairBytes);
  let sum0 = v128.load(product);
  let sum1 = v128.load(product, 16);
  let projection = projections;
  for (let row = rows + pairBytes; row < end; row += rowBytes, projection += PANEL_BYTES) {
    const x = f64x2.sub(v128.load64_splat(row), middle);
    sum0 = f64x2.add(sum0, f64x2.mul(x, v128.load(projection)));
    sum1 = f64x2.add(sum1, f64x2.mul(x, v128.load(projection, 16)));
  }
  v128.store(product, sum0);
  v128.store(product, sum1, 16);
}
