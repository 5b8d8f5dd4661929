import { randomStream } from "#src/numerics/random.js";

/** A row-major array of rows. */
export function flat(rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows.flat());
}

/** The rows of a row-major array. */
export function rowsOf(data: ArrayLike<number>, nColumns: number): number[][] {
  return Array.from({ length: data.length / nColumns }, (_, i) =>
    Array.from({ length: nColumns }, (_, j) => data[i * nColumns + j]),
  );
}

/** (n, d) row-major: Gaussian clusters of unit spread around `k` centres, `spread` times as far apart. */
export function gaussianClusters(name: string, n: number, d: number, k: number, spread = 4): Float64Array {
  const random = randomStream(1, name);
  const centers = Float64Array.from({ length: k * d }, () => spread * random.normal());
  const rows = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let f = 0; f < d; f++) rows[i * d + f] = centers[(i % k) * d + f] + random.normal();
  }
  return rows;
}

/**
 * @param tolerance largest difference of two elements, relative to the largest magnitude of `expected`, or to 1
 *   if that is smaller
 */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: expected ${expected.length} elements, found ${actual.length}`);
  }
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(actual[i] - expected[i]) <= tolerance * scale)) {
      throw new Error(`${what}: expected element ${i} near ${expected[i]}, found ${actual[i]}`);
    }
  }
}
