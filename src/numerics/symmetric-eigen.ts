import { PCA } from "ml-pca";

/** Eigenvalues of a symmetric matrix, the largest first, and its eigenvectors, of length 1. */
export interface SymmetricEigen {
  /** (size,) */
  readonly values: readonly number[];
  /** Element `i` of the eigenvector that belongs to value `c`. */
  readonly vector: (i: number, c: number) => number;
}

/** Binary exponent up to which a power of two and its inverse are both numbers. */
const LARGEST_EXPONENT = 1000;

/**
 * All eigenpairs of a symmetric matrix. Cost size^3, which is worth it up to some hundreds.
 *
 * @param matrix (size, size), both triangles
 */
export function symmetricEigen(matrix: number[][]): SymmetricEigen {
  let largest = 0;
  for (const row of matrix) for (const element of row) largest = Math.max(largest, Math.abs(element));
  // The decomposition squares elements. A power of two changes no digit of them.
  const exponent = Math.min(LARGEST_EXPONENT, Math.max(-LARGEST_EXPONENT, Math.round(Math.log2(largest))));
  const scale = largest === 0 ? 1 : 2 ** exponent;
  const scaled = matrix.map((row) => row.map((element) => element / scale));
  const pca = new PCA(scaled, { isCovarianceMatrix: true });
  const vectors = pca.getEigenvectors();
  return { values: pca.getEigenvalues().map((value) => value * scale), vector: (i, c) => vectors.get(i, c) };
}
