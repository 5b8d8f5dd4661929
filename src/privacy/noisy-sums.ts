import { RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import { discreteGaussian, LARGEST_SIGMA, type RandomWords } from "./discrete-gaussian.js";
import { integerSigma, LEAST_SIGMA, mu2Of } from "./gaussian-account.js";
import { integerSums, sumSensitivity, UNIT } from "./integer-sums.js";

/*
 * The mechanism: the only way from a client's rows to a number that leaves under differential privacy, of single rows,
 * one added or removed. The integers that rows add up to get discrete Gaussian noise, each a draw of its own, whether a
 * cell has rows or not. What follows knows the noisy integers alone.
 */

/** Radii, in units of the box: with others, far from any use, a difference in radii or a sum might overflow. */
const LEAST_RADIUS = 2 ** -40;
const LARGEST_RADIUS = 2 ** 40;

/** The most numbers of an answer. */
const MOST_NUMBERS = 2 ** 20;

/** What is asked of a client's rows; all of it is public. */
export interface Question {
  /** (K, d) in the box [-1, 1]^d. */
  readonly centres: Matrix;
  /** (K,) how far from its centre a row counts in full, in units of the box. */
  readonly radii: Float64Array;
  /** What the answer may spend, as mu^2. */
  readonly mu2: number;
  /** The shares of it for the counts and for the spread; the sums have the rest. */
  readonly shareCount: number;
  readonly shareSpread: number;
}

/** An answer with noise, and how much noise. */
export interface NoisySums {
  /** (K,) rows nearest to each centre. */
  readonly counts: Float64Array;
  /** (K, d) sums of their differences from the centre, clipped to the radius, in units of the box. */
  readonly sums: Float64Array;
  /** Sum over all rows of the squared difference, in squared radii, 1 at most each: in rows. */
  readonly spread: number;
  /** Standard deviations of the noise of a count, of (K,) each coordinate of a sum, of the spread. */
  readonly countSigma: number;
  readonly sumSigmas: Float64Array;
  readonly spreadSigma: number;
  /** What the answer spends, as mu^2: no more than it may. */
  readonly mu2: number;
}

/** Rows within the box, and how many of them bounds had to hold back. */
export interface BoxRows {
  /** (n, d) */
  readonly rows: Matrix;
  readonly clipped: number;
}

/**
 * Brings rows into the box [-1, 1]^d by public bounds; what lies beyond comes to lie on its side.
 *
 * @param rows (n, d)
 * @param low (d,) finite
 * @param high (d,) finite, above `low`
 * @throws RunError for bounds that are none, and for a cell that is not a number
 */
export function clipToBox(rows: Matrix, low: Float64Array, high: Float64Array): BoxRows {
  const { data, nRows, nColumns: d } = rows;
  if (low.length !== d || high.length !== d) {
    throw new RunError(`bounds must be of ${d} features, found ${low.length} and ${high.length}`);
  }
  // Halves, as the difference of two large numbers may overflow.
  const half = low.map((x, f) => high[f] / 2 - x / 2);
  const unfit = half.findIndex((x) => !(x > 0 && x < Infinity));
  if (unfit >= 0) {
    throw new RunError(
      `bounds of feature ${unfit + 1} must be finite, the lower below the upper, found ${low[unfit]} and ${high[unfit]}`,
    );
  }
  const inBox = new Float64Array(nRows * d);
  let clipped = 0;
  for (let i = 0; i < nRows; i++) {
    let isInside = true;
    for (let f = 0; f < d; f++) {
      const x = data[i * d + f];
      if (Number.isNaN(x)) throw new RunError(`column ${f + 1} of row ${i + 1} is not a number`);
      if (x < low[f] || x > high[f]) isInside = false;
      const share = (x / 2 - low[f] / 2) / half[f];
      inBox[i * d + f] = 2 * Math.max(0, Math.min(1, share)) - 1;
    }
    if (!isInside) clipped += 1;
  }
  return { rows: { data: inBox, nRows, nColumns: d }, clipped };
}

/**
 * Answers a question with noise.
 *
 * Cost: O(n K d), and K (d + 1) + 1 draws.
 *
 * @param rows (n, d) in the box [-1, 1]^d, as `clipToBox` gives them; there may be none
 * @param question is public: what it is refused for tells nothing of rows
 * @param words of a cryptographic generator; others are for tests
 * @throws RunError for centres outside the box, radii, shares or a budget that are none, or a budget for which the noise
 *   would be too small or too large for the grid; RangeError for rows outside the box
 */
export function noisySums(rows: Matrix, question: Question, words: RandomWords): NoisySums {
  checkQuestion(question, rows.nColumns);
  const sigmas = sigmasOf(question);
  const { counts, sums, spread } = integerSums(rows, question.centres, question.radii);
  const { radii } = question;
  const d = rows.nColumns;
  const stepOf = (at: number) => radii[Math.floor(at / d)] / UNIT;
  // The sum of two integers is rounded where it is beyond 2^53: as much after the noise as the division.
  return {
    counts: counts.map((count) => (count + discreteGaussian(sigmas.count, words)) / UNIT),
    sums: sums.map((sum, at) => (sum + discreteGaussian(sigmas.sum, words)) * stepOf(at)),
    spread: (spread + discreteGaussian(sigmas.spread, words)) / UNIT,
    countSigma: sigmas.count / UNIT,
    sumSigmas: radii.map((radius) => (sigmas.sum / UNIT) * radius),
    spreadSigma: sigmas.spread / UNIT,
    mu2: sigmas.mu2,
  };
}

/** The noise of an answer, in steps of the grid, and what it spends. */
export interface Sigmas {
  readonly count: number;
  readonly sum: number;
  readonly spread: number;
  readonly mu2: number;
}

/**
 * The noise that a question is answered with.
 *
 * @throws RunError where it would be too small or too large for the grid
 */
export function sigmasOf({ centres, mu2, shareCount, shareSpread }: Question): Sigmas {
  const ofSum = sumSensitivity(centres.nColumns);
  const count = integerSigma(UNIT, mu2 * shareCount);
  const spread = integerSigma(UNIT, mu2 * shareSpread);
  const least = integerSigma(ofSum, mu2 * (1 - shareCount - shareSpread));
  for (const sigma of [count, spread, least]) {
    if (sigma >= LEAST_SIGMA && sigma <= LARGEST_SIGMA) continue;
    throw new RunError(
      `a question must spend so much that its noise is ${LEAST_SIGMA} to ${LARGEST_SIGMA} steps of the grid, found a mu^2 of ${mu2}, which makes it ${sigma}`,
    );
  }
  const spent = (sum: number) => mu2Of(UNIT, count) + mu2Of(UNIT, spread) + mu2Of(ofSum, sum);
  // Three shares that are rounded may add up to a last digit more than the whole, which is less than one step saves.
  const sum = spent(least) > mu2 ? least + 1 : least;
  return { count, sum, spread, mu2: spent(sum) };
}

function checkQuestion({ centres, radii, mu2, shareCount, shareSpread }: Question, d: number): void {
  const { data, nRows, nColumns } = centres;
  if (nRows < 1 || nColumns !== d || data.length !== nRows * d) {
    throw new RunError(`centres must be rows of ${d} features, found ${nRows} of ${nColumns}`);
  }
  if (nRows * (d + 1) >= MOST_NUMBERS) {
    throw new RunError(
      `an answer must have fewer than ${MOST_NUMBERS} numbers, found ${nRows} centres of ${d} features`,
    );
  }
  const outside = data.find((x) => !(Math.abs(x) <= 1));
  if (outside !== undefined) throw new RunError(`centres must lie in the box from -1 to 1, found ${outside}`);
  if (radii.length !== nRows) {
    throw new RunError(`radii must be ${nRows}, one of each centre, found ${radii.length}`);
  }
  const unfit = radii.find((radius) => !(radius >= LEAST_RADIUS && radius <= LARGEST_RADIUS));
  if (unfit !== undefined) {
    throw new RunError(
      `radii must be positive numbers, ${LEAST_RADIUS} to ${LARGEST_RADIUS}, found ${unfit}`,
    );
  }
  if (!(mu2 > 0 && mu2 < Infinity)) {
    throw new RunError(`mu^2 of a question must be positive and finite, found ${mu2}`);
  }
  for (const share of [shareCount, shareSpread, 1 - shareCount - shareSpread]) {
    if (share > 0 && share < 1) continue;
    throw new RunError(
      `shares of counts and spread must be positive and below 1 together, found ${shareCount} and ${shareSpread}`,
    );
  }
}
