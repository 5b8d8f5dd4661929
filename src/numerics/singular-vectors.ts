import { symmetricEigen } from "./symmetric-eigen.js";

/**
 * Leading right singular vectors of a matrix, from the eigenvectors of the smaller of its two Gram matrices.
 * Cost min(n, d)^2 * max(n, d).
 *
 * @param rows (n, d) row-major; its columns are not centred
 * @param d number of features
 * @param k how many are wanted
 * @returns (m, d) row-major, orthonormal; m < k only where the rank is below k
 */
export function leadingSingularVectors(rows: Float64Array, d: number, k: number): Float64Array {
  const n = rows.length / d;
  const byRows = n < d;
  const size = byRows ? n : d;
  const at = (i: number, t: number) => (byRows ? rows[i * d + t] : rows[t * d + i]);
  const gram = Array.from({ length: size }, () => new Array<number>(size));
  for (let a = 0; a < size; a++) {
    for (let b = a; b < size; b++) {
      let sum = 0;
      for (let t = 0; t < (byRows ? d : n); t++) sum += at(a, t) * at(b, t);
      gram[a][b] = gram[b][a] = sum;
    }
  }
  const { values, vector } = symmetricEigen(gram);
  const rank = values.filter((value) => value > values[0] * size * Number.EPSILON).length;
  const m = Math.min(k, rank);
  const leading = new Float64Array(m * d);
  for (let v = 0; v < m; v++) {
    for (let f = 0; f < d; f++) {
      if (!byRows) {
        leading[v * d + f] = vector(f, v);
        continue;
      }
      let sum = 0;
      for (let i = 0; i < n; i++) sum += rows[i * d + f] * vector(i, v);
      leading[v * d + f] = sum / Math.sqrt(values[v]);
    }
  }
  return leading;
}
