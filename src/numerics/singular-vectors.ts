import { LeadingEigenvectors } from "./leading-eigenvectors.js";
import { columnMeans } from "./moments.js";
import { addScaled, dot } from "./orthonormal.js";
import { randomStream } from "./random.js";
import { scatterProducts } from "./scatter-products.js";
import { symmetricEigen } from "./symmetric-eigen.js";

/** Rows, or columns, up to which a Gram matrix is decomposed; of more, to search by products takes less time. */
const MOST_DECOMPOSED = 400;
const MOST_SWEEPS = 100;
/** A squared singular value this small beside the largest is none. */
const NOTHING = 1e-12;

/**
 * Leading right singular vectors of a matrix, from the eigenvectors of the smaller of its two Gram matrices, at a cost
 * of min(n, d)^2 * max(n, d); of a large matrix from its products, at one of n * d * k a sweep. A row of weight w
 * counts as w rows.
 *
 * @param rows (n, d) row-major; its columns are not centred
 * @param d number of features
 * @param weights (n,) non-negative, or null for 1 each
 * @param k how many are wanted
 * @returns (m, d) row-major, orthonormal; m < k only where the rank is below k
 * @see Golub & Van Loan, Matrix Computations, 4th edition (2013), section 2.4
 */
export function leadingSingularVectors(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  k: number,
): Float64Array {
  const n = rows.length / d;
  if (weights !== null) {
    const scaled = rows.map((value, at) => Math.sqrt(weights[Math.floor(at / d)]) * value);
    return leadingSingularVectors(scaled, d, null, k);
  }
  if (Math.min(n, d) > MOST_DECOMPOSED) return searchLeading(rows, d, k);
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

function searchLeading(rows: Float64Array, d: number, k: number): Float64Array {
  const n = rows.length / d;
  const mean = columnMeans(rows, new Float64Array(d), null);
  const search = new LeadingEigenvectors(d, k, Math.min(n, d), randomStream(0, "singular vectors"));
  for (let sweep = 0; sweep < MOST_SWEEPS && !search.isFound; sweep++) {
    const directions = search.directions();
    const products = scatterProducts(rows, d, null, directions);
    // The scatter is about the mean; about the origin, as it is wanted, it is more by n times mean mean^T.
    for (let at = 0; at < products.length; at += d) {
      const along = dot(mean, directions.subarray(at, at + d));
      addScaled(products.subarray(at, at + d), n * along, mean);
    }
    search.take(products);
  }
  const { values, vectors } = search.found();
  const rank = values.filter((value) => value > NOTHING * values[0]).length;
  return vectors.slice(0, rank * d);
}
