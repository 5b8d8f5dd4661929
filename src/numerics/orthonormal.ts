/** Of the length a pass of Gram & Schmidt leaves, more than this of what came in needs no other pass. */
const KEPT = 0.5;
const MOST_PASSES = 5;

/** Orthonormal vectors of d dimensions, to which more are added. */
export class Orthonormal {
  readonly d: number;
  readonly capacity: number;
  /** (capacity, d) row-major */
  readonly #vectors: Float64Array;
  #size = 0;

  /** @param capacity how many vectors there is room for */
  constructor(d: number, capacity: number) {
    this.d = d;
    this.capacity = capacity;
    this.#vectors = new Float64Array(capacity * d);
  }

  get size(): number {
    return this.#size;
  }

  /** (d,) one of them; not to be written to. */
  at(index: number): Float64Array {
    return this.#vectors.subarray(index * this.d, (index + 1) * this.d);
  }

  /** (size - start, d) those from one on; not to be written to. */
  from(start: number): Float64Array {
    return this.#vectors.subarray(start * this.d, this.#size * this.d);
  }

  /**
   * Adds what of a vector is orthogonal to those that are there, made as long as 1, if there is room for it.
   *
   * @param vector (d,) is left with what is orthogonal to them
   * @param nothing length up to which what is left is rounding, and is not added
   * @param coefficients (capacity,) zeros, receives the vector's coefficients in all of them, with the new one
   * @see Daniel, Gragg, Kaufman & Stewart, Reorthogonalization and stable algorithms for updating the Gram-Schmidt QR
   *   factorization, Math. Comp. 30 (1976)
   */
  add(
    vector: Float64Array,
    nothing: number,
    coefficients: Float64Array = new Float64Array(this.capacity),
  ): void {
    let length = Math.sqrt(dot(vector, vector));
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      for (let i = 0; i < this.#size; i++) {
        const coefficient = dot(vector, this.at(i));
        coefficients[i] += coefficient;
        addScaled(vector, -coefficient, this.at(i));
      }
      const left = Math.sqrt(dot(vector, vector));
      if (left <= nothing) return;
      const isDone = left > KEPT * length;
      length = left;
      if (isDone) break;
    }
    if (this.#size === this.capacity) return;
    coefficients[this.#size] = length;
    const unit = this.at(this.#size);
    for (let f = 0; f < this.d; f++) unit[f] = vector[f] / length;
    this.#size += 1;
  }
}

/**
 * The scalar product of two vectors, in four sums side by side. Cost d.
 *
 * @example dot(Float64Array.of(1, 2), Float64Array.of(3, 4)) // => 11
 */
export function dot(a: Float64Array, b: Float64Array): number {
  const whole = a.length - (a.length % 4);
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let f = 0; f < whole; f += 4) {
    sum0 += a[f] * b[f];
    sum1 += a[f + 1] * b[f + 1];
    sum2 += a[f + 2] * b[f + 2];
    sum3 += a[f + 3] * b[f + 3];
  }
  let sum = sum0 + sum1 + (sum2 + sum3);
  for (let f = whole; f < a.length; f++) sum += a[f] * b[f];
  return sum;
}

/** Adds a vector times a number to `sum`. Cost d. */
export function addScaled(sum: Float64Array, factor: number, vector: Float64Array): void {
  for (let f = 0; f < sum.length; f++) sum[f] += factor * vector[f];
}
