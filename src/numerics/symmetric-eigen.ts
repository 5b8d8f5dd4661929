import { PCA } from "ml-pca";
import { powerOfTwoNear } from "./power-of-two.js";

/** Eigenvalues of a symmetric matrix, the largest first, and its eigenvectors, of length 1. */
export interface SymmetricEigen {
  /** (size,) */
  readonly values: readonly number[];
  /** Element `i` of the eigenvector that belongs to value `c`. */
  readonly vector: (i: number, c: number) => number;
}

/**
 * All eigenpairs of a symmetric matrix. Cost size^3, which is worth it up to some hundreds.
 *
 * @param matrix (size, size), both triangles, finite; left as it is
 * @example symmetricEigen([[2, 0], [0, 3]]).values // => [3, 2]
 */
export function symmetricEigen(matrix: number[][]): SymmetricEigen {
  // The decomposition squares elements.
  const scale = powerOfTwoNear(matrix.flat());
  const scaled = matrix.map((row) => row.map((element) => element / scale));
  const pca = new PCA(scaled, { isCovarianceMatrix: true });
  const vectors = pca.getEigenvectors();
  return { values: pca.getEigenvalues().map((value) => value * scale), vector: (i, c) => vectors.get(i, c) };
}
