/** Iterations of the power method: a cut needs a good direction, not the exact one. */
const ITERATIONS = 20;
const CHANGE = 1e-8;

/** Features up to which the scatter is computed once, rather than two products with the rows an iteration. */
const FEW_FEATURES = 64;

/**
 * Nearly the direction in which rows vary most.
 *
 * Cost: O(n d min(d, 64)).
 *
 * @param rows (n x d)
 * @param weights (n,), positive
 * @param mean (d,), of the rows
 * @returns (d,), of length 1; 0 where all rows are equal
 * @see Golub & Van Loan 2013, Matrix Computations, section 7.3.1 (power method)
 */
export function leadingDirection(
  rows: Float64Array,
  weights: Float64Array,
  mean: Float64Array,
): Float64Array {
  const d = mean.length;
  const centred = { rows, weights, mean };
  const { start, multiply } = d <= FEW_FEATURES ? byScatter(centred) : byRows(centred);
  let direction = start;
  toUnit(direction);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const next = multiply(direction);
    toUnit(next);
    let change = 0;
    for (let j = 0; j < d; j++) change += (next[j] - direction[j]) * (next[j] - direction[j]);
    direction = next;
    if (change < CHANGE) break;
  }
  return direction;
}

/** Rows about their mean. */
interface Centred {
  readonly rows: Float64Array;
  readonly weights: Float64Array;
  readonly mean: Float64Array;
}

/** The scatter of rows as the power method needs it. */
interface Scatter {
  /** A vector that has a part in the leading direction. */
  readonly start: Float64Array;
  /** The scatter times a vector. */
  multiply(vector: Float64Array): Float64Array;
}

/** Computes the scatter: O(n d^2) once. */
function byScatter({ rows, weights, mean }: Centred): Scatter {
  const d = mean.length;
  const scatter = new Float64Array(d * d);
  const row = new Float64Array(d);
  for (let i = 0; i < weights.length; i++) {
    for (let j = 0; j < d; j++) {
      row[j] = rows[i * d + j] - mean[j];
      const weighted = weights[i] * row[j];
      for (let l = 0; l <= j; l++) scatter[j * d + l] += weighted * row[l];
    }
  }
  let most = 0;
  for (let j = 0; j < d; j++) {
    for (let l = 0; l < j; l++) scatter[l * d + j] = scatter[j * d + l];
    if (scatter[j * d + j] > scatter[most * d + most]) most = j;
  }
  const multiply = (vector: Float64Array) => {
    const result = new Float64Array(d);
    for (let j = 0; j < d; j++) {
      let dot = 0;
      for (let l = 0; l < d; l++) dot += scatter[j * d + l] * vector[l];
      result[j] = dot;
    }
    return result;
  };
  return { start: scatter.slice(most * d, most * d + d), multiply };
}

/** Multiplies by the rows and by their transpose: O(n d) a product. */
function byRows({ rows, weights, mean }: Centred): Scatter {
  const d = mean.length;
  const multiply = (vector: Float64Array) => {
    const result = new Float64Array(d);
    for (let i = 0; i < weights.length; i++) {
      let dot = 0;
      for (let j = 0; j < d; j++) dot += (rows[i * d + j] - mean[j]) * vector[j];
      dot *= weights[i];
      for (let j = 0; j < d; j++) result[j] += dot * (rows[i * d + j] - mean[j]);
    }
    return result;
  };
  return { start: farthestRow({ rows, weights, mean }), multiply };
}

/** The row farthest from the mean, less the mean. */
function farthestRow({ rows, weights, mean }: Centred): Float64Array {
  const d = mean.length;
  let most = -1;
  let from = 0;
  for (let i = 0; i < weights.length; i++) {
    let squares = 0;
    for (let j = 0; j < d; j++) squares += (rows[i * d + j] - mean[j]) * (rows[i * d + j] - mean[j]);
    if (squares > most) {
      most = squares;
      from = i * d;
    }
  }
  return rows.slice(from, from + d).map((x, j) => x - mean[j]);
}

/** Divides a vector by its length; 0 stays 0. */
function toUnit(vector: Float64Array): void {
  let most = 0;
  for (let j = 0; j < vector.length; j++) most = Math.max(most, Math.abs(vector[j]));
  if (most === 0) return;
  let squares = 0;
  for (let j = 0; j < vector.length; j++) {
    vector[j] /= most;
    squares += vector[j] * vector[j];
  }
  const length = Math.sqrt(squares);
  for (let j = 0; j < vector.length; j++) vector[j] /= length;
}
