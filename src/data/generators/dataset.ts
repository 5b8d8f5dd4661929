import type { Matrix } from "../../numerics/matrix.js";

/** Generated rows, and what they were generated around. */
export interface Dataset {
  readonly clients: readonly DatasetClient[];
  /** (n_clusters, n_features) */
  readonly centers: Matrix;
}

/** A data set, and every option of how it was generated. */
export interface Generated<Options> extends Dataset {
  readonly options: Options;
}

export interface DatasetClient {
  readonly name: string;
  /** (n_samples, n_features) */
  readonly rows: Matrix;
  /** (n_samples,) the row of `centers` that each row was drawn around. */
  readonly labels: Int32Array;
}
