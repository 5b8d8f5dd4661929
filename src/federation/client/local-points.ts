import type { Matrix } from "../../numerics/matrix.js";
import {
  holdSameArrays,
  project,
  type Standardization,
  standardize,
  type Transform,
} from "../../numerics/transform.js";

/**
 * A client's points: as they came, and as the transforms of requests make them. Points that can be loaded again are
 * standardized where they lie, so that a large client holds them once; others are left as they are.
 */
export class LocalPoints {
  readonly nRows: number;
  readonly nColumns: number;
  readonly #rows: Matrix;
  readonly #inPlace: boolean;
  #standardized: { by: Standardization; rows: Matrix } | null = null;
  #projected: { by: Transform; rows: Matrix } | null = null;
  #last: Matrix | null = null;

  /**
   * @param rows (n, d); with `inPlace` they are no longer the caller's
   * @param inPlace whether they may be overwritten
   */
  constructor(rows: Matrix, inPlace: boolean) {
    this.nRows = rows.nRows;
    this.nColumns = rows.nColumns;
    this.#rows = rows;
    this.#inPlace = inPlace;
  }

  /** Whether the points can still be had so: as they came where the normalization is null. */
  has(normalization: Standardization | null): boolean {
    const known = this.#standardized;
    if (!this.#inPlace || known === null) return true;
    if (!holdSameArrays(known.by, normalization)) return false;
    // Whoever asks next of the same request finds the very same.
    known.by = normalization!;
    return true;
  }

  /**
   * (n, d) as they came.
   *
   * @throws Error unless `has(null)`
   */
  raw(): Matrix {
    this.#check(null);
    return this.#rows;
  }

  /** What the last transform made of them; null before the first. */
  get last(): Matrix | null {
    return this.#last;
  }

  /**
   * (n, p) as a transform makes them.
   *
   * @throws Error unless it `has` the transform's normalization
   */
  transformed(transform: Transform): Matrix {
    this.#check(transform.normalization);
    this.#last = transform.projection === null ? this.#standardize(transform) : this.#project(transform);
    return this.#last;
  }

  /** Other points than those asked for would go unseen: into a statistic. */
  #check(normalization: Standardization | null): void {
    if (!this.has(normalization)) throw new Error("the rows have been standardized where they lie");
  }

  #standardize({ normalization }: Transform): Matrix {
    if (normalization === null) return this.#rows;
    if (this.#standardized === null || !holdSameArrays(this.#standardized.by, normalization)) {
      const rows = standardize(normalization, this.#rows, this.#inPlace ? this.#rows.data : undefined);
      this.#standardized = { by: normalization, rows };
    }
    return this.#standardized.rows;
  }

  #project(transform: Transform): Matrix {
    const known = this.#projected;
    if (
      known === null ||
      !holdSameArrays(known.by.normalization, transform.normalization) ||
      !holdSameArrays(known.by.projection, transform.projection)
    ) {
      const rows = project(transform.projection!, this.#standardize(transform));
      this.#projected = { by: transform, rows };
      return rows;
    }
    return known.rows;
  }
}
