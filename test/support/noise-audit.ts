import type { Matrix } from "#src/numerics/matrix.js";
import type { NoisySums, Question } from "#src/privacy/noisy-sums.js";

/** Something that answers a question, as often as it is asked: another run of it each time. */
export type Mechanism = (rows: Matrix, question: Question) => NoisySums;

/** Rows, and the same with one more, which moves the answer by all that it may. */
export interface Neighbours {
  readonly without: Matrix;
  readonly with: Matrix;
  /** (M,) what the one row adds to counts, sums and spread, one after the other. */
  readonly moved: readonly number[];
}

/**
 * Standard errors that a statistic may be off: by chance with less than 10^-14, so in thousands of statistics less than once
 * in 10^9.
 */
const STANDARD_ERRORS = 8;

/** Digits from the last on, of which each is a coin where noise is as fine as its grid. */
const COINS = 10;

/** Steps of the grid for one row. */
const UNIT = 2 ** 20;

/**
 * What is wrong with a mechanism, as far as its answers about neighbouring rows show it, without a look inside.
 *
 * @param nAnswers for each of the two; with 12,000 a standard deviation that is 6 % off is seen
 * @returns what was found, in words; nothing where all is well
 */
export function auditNoise(
  mechanism: Mechanism,
  question: Question,
  { without, with: withRow, moved }: Neighbours,
  nAnswers: number,
): string[] {
  const sigmas = sigmasByDefinition(question);
  const ask = (rows: Matrix) =>
    Array.from({ length: nAnswers }, () => {
      const { counts, sums, spread } = mechanism(rows, question);
      return [...counts, ...sums, spread];
    });
  const answers = [ask(without), ask(withRow)];
  const found = [...repeats(answers.flat()), ...coarse(answers.flat(), question)];
  const means = answers.map(meansOf);
  const noises = answers.map((those, side) =>
    those.map((answer) => answer.map((x, j) => (x - means[side][j]) / sigmas[j])),
  );
  const standardError = 1 / Math.sqrt(nAnswers);
  for (const noise of noises) {
    found.push(...wrongSizes(noise), ...related(noise, noise, "numbers of an answer"));
    found.push(...related(noise.slice(1), noise.slice(0, -1), "answers one after the other", true));
  }
  found.push(...related(noises[0], noises[1], "answers about either rows", true));
  const shift = sigmas.map((sigma, j) => (means[1][j] - means[0][j]) / sigma);
  for (const [j, x] of shift.entries()) {
    const expected = moved[j] / sigmas[j];
    if (!(Math.abs(x - expected) < STANDARD_ERRORS * Math.SQRT2 * standardError))
      found.push(`one row moves number ${j} by ${x} of its noise, not ${expected}`);
  }
  const mu = distance(shift, covariance(noises.flat()));
  // The distance of two clouds, of which either's mean and the shape are known from so many answers.
  const error = Math.sqrt(2 + question.mu2 / 2) * standardError;
  if (!(mu < Math.sqrt(question.mu2) + STANDARD_ERRORS * error + (2 * shift.length) / nAnswers))
    found.push(`the answers tell of a row with a mu of ${mu}, not ${Math.sqrt(question.mu2)}`);
  return found;
}

/** (M,) standard deviations of noise of the Gaussian mechanism, from what one row moves; the grid changes them by 1e-6. */
function sigmasByDefinition({ centres, radii, mu2, shareCount, shareSpread }: Question): number[] {
  const forMove = (move: number, share: number) => move / Math.sqrt(mu2 * share);
  const count = forMove(1, shareCount);
  const sums = [...radii].flatMap((radius) =>
    new Array<number>(centres.nColumns).fill(forMove(radius, 1 - shareCount - shareSpread)),
  );
  return [...new Array<number>(centres.nRows).fill(count), ...sums, forMove(1, shareSpread)];
}

function repeats(answers: readonly number[][]): string[] {
  const different = new Set(answers.map(String)).size;
  return different < answers.length
    ? [`only ${different} of ${answers.length} answers differ from all before`]
    : [];
}

/** Whether last digits of the integers behind an answer are coins. */
function coarse(answers: readonly number[][], { centres, radii }: Question): string[] {
  const { nRows: k, nColumns: d } = centres;
  const found: string[] = [];
  for (let j = 0; j < answers[0].length; j++) {
    const radius = j >= k && j < k + k * d ? radii[Math.floor((j - k) / d)] : 1;
    const integers = answers.map((answer) => (answer[j] / radius) * UNIT);
    if (integers.some((x) => Math.abs(x - Math.round(x)) > 1e-6)) {
      found.push(`number ${j} is off the grid`);
      continue;
    }
    for (let digit = 0; digit < COINS; digit++) {
      const ones = integers.filter((x) => Math.floor(Math.round(x) / 2 ** digit) % 2 !== 0).length;
      const n = integers.length;
      if (Math.abs(ones - n / 2) < (STANDARD_ERRORS * Math.sqrt(n)) / 2) continue;
      found.push(`digit ${digit} of number ${j} is 1 in ${ones} of ${n} answers`);
      break;
    }
  }
  return found;
}

function wrongSizes(noise: readonly number[][]): string[] {
  const tolerance = STANDARD_ERRORS * Math.sqrt(2 / noise.length);
  return covariance(noise).flatMap((row, j) =>
    Math.abs(row[j] - 1) < tolerance
      ? []
      : [`the noise of number ${j} has ${row[j]} of the variance that is due`],
  );
}

/** Whether what should be independent is correlated. */
function related(
  one: readonly number[][],
  other: readonly number[][],
  what: string,
  alsoSelf = false,
): string[] {
  const tolerance = STANDARD_ERRORS / Math.sqrt(one.length);
  const found: string[] = [];
  for (let i = 0; i < one[0].length; i++) {
    for (let j = 0; j <= (alsoSelf ? one[0].length - 1 : i - 1); j++) {
      const correlation =
        product(one, i, other, j) / Math.sqrt(product(one, i, one, i) * product(other, j, other, j));
      if (Math.abs(correlation) >= tolerance)
        found.push(`numbers ${i} and ${j} of ${what} have a correlation of ${correlation}`);
    }
  }
  return found;
}

function product(one: readonly number[][], i: number, other: readonly number[][], j: number): number {
  let sum = 0;
  for (let a = 0; a < one.length; a++) sum += one[a][i] * other[a][j];
  return sum / one.length;
}

function meansOf(answers: readonly number[][]): number[] {
  return answers[0].map((_, j) => answers.reduce((sum, answer) => sum + answer[j], 0) / answers.length);
}

function covariance(noise: readonly number[][]): number[][] {
  return noise[0].map((_, i) => noise[0].map((__, j) => product(noise, i, noise, j)));
}

/**
 * Mahalanobis distance: how far apart two Gaussian clouds of a shape lie in the direction that tells them apart best. It is
 * mu of whoever looks at all numbers together, infinite where some combination of them has no noise.
 */
function distance(shift: readonly number[], shape: readonly number[][]): number {
  const n = shift.length;
  const rows = shape.map((row, i) => [...row, shift[i]]);
  let square = 0;
  // Gauss elimination of a symmetric matrix without pivots: each step adds what one more number tells.
  for (let i = 0; i < n; i++) {
    if (rows[i][i] < 1e-6) {
      if (Math.abs(rows[i][n]) > 1e-3) return Infinity;
      continue;
    }
    square += rows[i][n] ** 2 / rows[i][i];
    for (let a = i + 1; a < n; a++) {
      const factor = rows[a][i] / rows[i][i];
      for (let b = i; b <= n; b++) rows[a][b] -= factor * rows[i][b];
    }
  }
  return Math.sqrt(square);
}
