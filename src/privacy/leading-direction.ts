/** Iterations of the power method: a cut needs a good direction, not the exact one. */
const ITERATIONS = 20;
const CHANGE = 1e-8;

/** Features up to which the scatter is computed once, rather than two products with the rows an iteration. */
const FEW_FEATURES = 64;

/** Rows that tell a direction well enough: of more, as many at least that are spread evenly over them. */
const ENOUGH_ROWS = 1024;

/** Some of many rows, about their mean. */
interface CentredRows {
  /** (n x d), n at least `to` */
  readonly rows: Float64Array;
  /** (n,), positive */
  readonly weights: Float64Array;
  readonly from: number;
  readonly to: number;
  /** (d,), of rows `from` to `to` */
  readonly mean: Float64Array;
}

/** Every which row is looked at. */
function stepOf({ from, to }: CentredRows): number {
  return Math.max(1, Math.floor((to - from) / ENOUGH_ROWS));
}

/**
 * Finds nearly the direction in which rows vary most, of one set of rows after the other; its memory is used again, as
 * small arrays take longer to make than few rows to go through.
 *
 * @see Golub & Van Loan 2013, Matrix Computations, section 7.3.1 (power method)
 */
export class LeadingDirection {
  readonly #d: number;
  /** (d x d), or empty where there are many features. */
  readonly #scatter: Float64Array;
  readonly #row: Float64Array;
  #direction: Float64Array;
  #next: Float64Array;

  /** @param d number of features */
  constructor(d: number) {
    this.#d = d;
    this.#scatter = new Float64Array(d <= FEW_FEATURES ? d * d : 0);
    this.#row = new Float64Array(d);
    this.#direction = new Float64Array(d);
    this.#next = new Float64Array(d);
  }

  /**
   * Cost: O(n d min(d, 64)).
   *
   * @returns (d,), of length 1; 0 where all rows are equal; overwritten by the next call
   */
  of(centred: CentredRows): Float64Array {
    const d = this.#d;
    const isByScatter = d <= FEW_FEATURES;
    if (isByScatter) this.#computeScatter(centred);
    else this.#startAtFarthestRow(centred);
    toUnit(this.#direction);
    for (let iteration = 0; iteration < ITERATIONS; iteration++) {
      const direction = this.#direction;
      const next = this.#next;
      if (isByScatter) this.#multiplyByScatter(direction, next);
      else this.#multiplyByRows(centred, direction, next);
      toUnit(next);
      let change = 0;
      for (let j = 0; j < d; j++) change += (next[j] - direction[j]) * (next[j] - direction[j]);
      this.#direction = next;
      this.#next = direction;
      if (change < CHANGE) break;
    }
    return this.#direction;
  }

  /** O(n d^2); starts at the row of the scatter of the feature that varies most. */
  #computeScatter(centred: CentredRows): void {
    const { rows, weights, from, to, mean } = centred;
    const d = this.#d;
    const step = stepOf(centred);
    const scatter = this.#scatter.fill(0);
    const row = this.#row;
    for (let i = from; i < to; i += step) {
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
    for (let j = 0; j < d; j++) this.#direction[j] = scatter[most * d + j];
  }

  #multiplyByScatter(vector: Float64Array, product: Float64Array): void {
    const d = this.#d;
    const scatter = this.#scatter;
    for (let j = 0; j < d; j++) {
      let dot = 0;
      for (let l = 0; l < d; l++) dot += scatter[j * d + l] * vector[l];
      product[j] = dot;
    }
  }

  /** The rows' transpose times the rows times a vector: O(n d). */
  #multiplyByRows(centred: CentredRows, vector: Float64Array, product: Float64Array): void {
    const { rows, weights, from, to, mean } = centred;
    const d = this.#d;
    const step = stepOf(centred);
    const row = this.#row;
    product.fill(0);
    for (let i = from; i < to; i += step) {
      let dot = 0;
      for (let j = 0; j < d; j++) {
        row[j] = rows[i * d + j] - mean[j];
        dot += row[j] * vector[j];
      }
      dot *= weights[i];
      for (let j = 0; j < d; j++) product[j] += dot * row[j];
    }
  }

  #startAtFarthestRow(centred: CentredRows): void {
    const { rows, from, to, mean } = centred;
    const d = this.#d;
    const step = stepOf(centred);
    let most = -1;
    let farthest = from;
    for (let i = from; i < to; i += step) {
      let squares = 0;
      for (let j = 0; j < d; j++) squares += (rows[i * d + j] - mean[j]) * (rows[i * d + j] - mean[j]);
      if (squares > most) {
        most = squares;
        farthest = i;
      }
    }
    for (let j = 0; j < d; j++) this.#direction[j] = rows[farthest * d + j] - mean[j];
  }
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
