import { addScaled, dot, Orthonormal } from "./orthonormal.js";
import type { RandomStream } from "./random.js";
import { type SymmetricEigen, symmetricEigen } from "./symmetric-eigen.js";

/** Directions asked about beside the wanted ones: they speed up the search, and find eigenvalues that are equal. */
const OVERSAMPLING = 8;
/** Blocks of directions remembered; of more, what is nearest to the wanted eigenvectors. */
const MOST_BLOCKS = 12;
/**
 * An eigenpair is found once its residual is at most RESIDUAL times its eigenvalue. Of an eigenvalue that is nothing
 * beside the largest, rounding leaves a residual of ROUNDING times the largest, which is then enough.
 */
const RESIDUAL = 1e-8;
const ROUNDING = 1e-14;
/** What is left of a direction below this, against the largest eigenvalue, is rounding. */
const NOTHING = 1e-12;

/**
 * Searches for the eigenvectors of largest eigenvalue of a positive semidefinite matrix A of d x d that nobody holds:
 * whoever does it multiplies `directions()` by A, tells `take` the products, and so on while `isFound` is false. A
 * block Lanczos method with thick restarts, which remembers all directions so far: it is done after rank / block
 * sweeps, and sooner where eigenvalues fall off.
 *
 * @see Halko, Martinsson, Shkolnisky & Tygert, An algorithm for the principal component analysis of large data sets,
 *   SIAM J. Sci. Comput. 33 (2011), which keeps the blocks of all powers; Wu & Simon, Thick-restart Lanczos method for
 *   large symmetric eigenvalue problems, SIAM J. Matrix Anal. Appl. 22 (2000)
 */
export class LeadingEigenvectors {
  readonly #nWanted: number;
  readonly #random: RandomStream;
  /** Whether the basis has room for all directions that there can be. */
  readonly #isWhole: boolean;
  #basis: Orthonormal;
  /** Vectors of the basis whose products are known; the others are the directions to ask about. */
  #nKnown = 0;
  /** (capacity, capacity) the matrix in the basis, as far as it is known. */
  #projected: Float64Array;
  /** What the matrix is divided by, so that no square of its elements overflows or vanishes; 0 until it is known. */
  #scale = 0;
  /** Of the matrix in the basis. */
  #eigen: SymmetricEigen | null = null;
  #residual = Infinity;
  #isFound = false;

  /**
   * @param d size of the matrix
   * @param nWanted how many eigenvectors, at most d
   * @param mostRank bound on the rank of the matrix
   * @param random draws the first directions
   * @param before a search among much the same rows, to go on from where it had come to
   */
  constructor(
    d: number,
    nWanted: number,
    mostRank: number,
    random: RandomStream,
    before: LeadingEigenvectors | null = null,
  ) {
    const block = Math.min(d, nWanted + OVERSAMPLING, mostRank + OVERSAMPLING);
    const most = Math.min(d, mostRank + 2 * block);
    const capacity = Math.min(most, (MOST_BLOCKS + 1) * block);
    this.#nWanted = nWanted;
    this.#random = random;
    this.#isWhole = capacity === most;
    this.#basis = new Orthonormal(d, capacity);
    this.#projected = new Float64Array(capacity * capacity);
    const near = before?.nearest(block) ?? new Float64Array();
    for (let at = 0; at < near.length; at += d) this.#basis.add(near.subarray(at, at + d), 0);
    while (this.#basis.size < block) this.#basis.add(this.#draw(), 0);
  }

  /** (q, d) row-major, orthonormal: to be multiplied by the matrix. A copy. */
  directions(): Float64Array {
    return this.#basis.from(this.#nKnown).slice();
  }

  /** Whether the search is over. */
  get isFound(): boolean {
    return this.#isFound;
  }

  /** The largest residual of a wanted eigenpair, against its eigenvalue. */
  get residual(): number {
    return this.#residual;
  }

  /** @param products (q, d) row-major, the matrix times each of `directions()`; written over */
  take(products: Float64Array): void {
    const { d, capacity } = this.#basis;
    const first = this.#nKnown;
    const nAsked = this.#basis.size;
    if (this.#scale === 0) this.#scale = largestMagnitude(products) || 1;
    for (let i = 0; i < products.length; i++) products[i] /= this.#scale;
    const nothing = NOTHING * Math.max(this.#eigen?.values[0] ?? 0, largestNorm(products, d));
    const beyond: Float64Array[] = [];
    for (let at = first; at < nAsked; at++) {
      const coefficients = new Float64Array(capacity);
      this.#basis.add(products.subarray((at - first) * d, (at - first + 1) * d), nothing, coefficients);
      for (let i = 0; i <= at; i++) {
        this.#projected[i * capacity + at] = this.#projected[at * capacity + i] = coefficients[i];
      }
      beyond.push(coefficients.subarray(nAsked));
    }
    this.#nKnown = nAsked;
    this.#eigen = this.#solve();
    this.#judge(beyond, first);
    const nNext = this.#basis.size - nAsked;
    if (!this.#isFound && !this.#isWhole && this.#basis.size + nNext > capacity) this.#condense();
  }

  /**
   * The wanted eigenpairs, as near as they are known, the largest first.
   *
   * @returns vectors (nWanted, d) row-major, orthonormal; beyond the matrix's rank they are any
   */
  found(): { values: number[]; vectors: Float64Array } {
    const known = this.nearest(this.#nWanted);
    const all = new Orthonormal(this.#basis.d, this.#nWanted);
    for (let at = 0; at < known.length; at += all.d) all.add(known.subarray(at, at + all.d), 0);
    const values = Array.from({ length: this.#nWanted }, (_, c) =>
      c < all.size ? this.#scale * Math.max(0, this.#eigen!.values[c]) : 0,
    );
    while (all.size < this.#nWanted) all.add(this.#draw(), 0);
    return { values, vectors: all.from(0) };
  }

  /** (m, d) row-major: approximate eigenvectors, the largest first; m < count only where fewer are known. */
  nearest(count: number): Float64Array {
    const { d } = this.#basis;
    const vectors = new Float64Array(Math.min(count, this.#nKnown) * d);
    for (let c = 0; c * d < vectors.length; c++) {
      const sum = vectors.subarray(c * d, (c + 1) * d);
      for (let i = 0; i < this.#nKnown; i++) addScaled(sum, this.#eigen!.vector(i, c), this.#basis.at(i));
    }
    return vectors;
  }

  #draw(): Float64Array {
    return Float64Array.from({ length: this.#basis.d }, () => this.#random.normal());
  }

  #solve(): SymmetricEigen {
    const { capacity } = this.#basis;
    return symmetricEigen(
      Array.from({ length: this.#nKnown }, (_, i) =>
        Array.from(this.#projected.subarray(i * capacity, i * capacity + this.#nKnown)),
      ),
    );
  }

  /**
   * Judges the eigenpairs: what a product A y has beside its eigenvalue times y lies in the directions to come.
   *
   * @param beyond for each product of the last block, its coefficients in those
   * @param first where that block begins in the basis
   */
  #judge(beyond: readonly Float64Array[], first: number): void {
    const { values, vector } = this.#eigen!;
    const nNext = this.#basis.size - this.#nKnown;
    this.#residual = 0;
    for (let c = 0; c < Math.min(this.#nWanted, this.#nKnown); c++) {
      let square = 0;
      for (let a = 0; a < nNext; a++) {
        let sum = 0;
        for (let j = 0; j < beyond.length; j++) sum += beyond[j][a] * vector(first + j, c);
        square += sum * sum;
      }
      if (square === 0) continue;
      const least = (ROUNDING / RESIDUAL) * values[0];
      this.#residual = Math.max(this.#residual, Math.sqrt(square) / Math.max(values[c], least));
    }
    this.#isFound = nNext === 0 || (this.#nWanted <= this.#nKnown && this.#residual <= RESIDUAL);
  }

  /** Makes room in the basis: it keeps the best half of the eigenvectors so far, and the directions to come. */
  #condense(): void {
    const { d, capacity } = this.#basis;
    const { values } = this.#eigen!;
    const next = this.directions();
    const kept = this.nearest(capacity >> 1);
    const condensed = new Orthonormal(d, capacity);
    for (let at = 0; at < kept.length; at += d) condensed.add(kept.subarray(at, at + d), 0);
    this.#nKnown = condensed.size;
    for (let at = 0; at < next.length; at += d) condensed.add(next.subarray(at, at + d), 0);
    this.#basis = condensed;
    this.#projected = new Float64Array(capacity * capacity);
    for (let c = 0; c < this.#nKnown; c++) this.#projected[c * capacity + c] = values[c];
    this.#eigen = { values, vector: (i, c) => (i === c ? 1 : 0) };
  }
}

function largestMagnitude(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function largestNorm(vectors: Float64Array, d: number): number {
  let largest = 0;
  for (let at = 0; at < vectors.length; at += d) {
    const vector = vectors.subarray(at, at + d);
    largest = Math.max(largest, Math.sqrt(dot(vector, vector)));
  }
  return largest;
}
