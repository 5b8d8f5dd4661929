import { RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import type { Layout } from "./layout.js";
import { readMatrix, readVector } from "./read-array.js";

/** What stands for a client's rows. */
export interface LoggedPoints {
  /** (m, p) as clustered. */
  readonly points: Matrix;
  /** (m,) number of rows behind each. */
  readonly weights: Float64Array;
}

/**
 * Reads the points that a client computed from, where its owner had them recorded.
 *
 * @param nColumns of the means
 * @throws RunError naming the file that is missing, damaged, or does not fit its neighbours
 */
export function readPoints(layout: Layout, client: string, nColumns: number): LoggedPoints {
  const points = readMatrix(layout.clientPoints(client), null, "", nColumns);
  const path = layout.clientWeights(client);
  const weights = readVector(path, points.nRows);
  const wrong = weights.find((weight) => !Number.isSafeInteger(weight) || weight < 1);
  if (wrong !== undefined) throw new RunError(`${path}: numbers of rows expected, found ${wrong}`);
  return { points, weights };
}
