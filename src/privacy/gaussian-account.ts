/*
 * The account of Gaussian noise, continuous and discrete.
 *
 * Continuous. A statistic that one row moves by at most D (Euclidean), with noise of variance v on each coordinate, is
 * mu-Gaussian-DP, mu^2 = D^2 / v; statistics released together add their mu^2, and so do answers one after the other, also
 * where what is asked next depends on what was answered (Dong, Roth & Su 2022, Cor. 3.3) and where how much is spent on it
 * does, as long as the sum stays below a limit fixed beforehand (Smith & Thakurta 2022, Theorem 1.1). mu-Gaussian-DP is
 * (epsilon, delta)-DP for exactly the delta of Balle & Wang (2018, Theorem 8).
 *
 * Discrete. Noise is drawn from the discrete Gaussian of integer sigma (Canonne, Kamath & Steinke 2020), and a row moves
 * each statistic by an integer. Such a draw is all but a continuous Gaussian of variance sigma^2 - 4, rounded at random:
 * let Z, given X = x, be an integer of probability f(z - x) / F(x), f(u) = exp(-u^2 / 8), F(x) = sum over z of f(z - x).
 * By Poisson summation F(x) = sqrt(8 pi) (1 + 2 sum over j >= 1 of exp(-8 pi^2 j^2) cos(2 pi j x)), so it is sqrt(8 pi)
 * within a factor 1 +- eta, eta < 1.1e-34, whatever x is; so is the discrete Gaussian's own normalizing sum
 * sqrt(2 pi) sigma. With the constant in place of F, Z would have the density of a Gaussian of variance
 * (sigma^2 - 4) + 4 at z. Hence the probability of each z agrees with the discrete Gaussian's within a factor
 * exp(+-3 eta), and rounding commutes with a move by an integer. All answers, of M numbers, then have the probabilities of
 * something computed from continuous answers within exp(+-g), g = 3 eta M: what is (epsilon, delta)-DP with variances
 * sigma^2 - 4 is (epsilon + 2 g, exp(g) delta)-DP with discrete noise.
 *
 * Balle & Wang, Improving the Gaussian mechanism for differential privacy, ICML 2018. Canonne, Kamath & Steinke, The
 * discrete Gaussian for differential privacy, NeurIPS 2020. Dong, Roth & Su, Gaussian differential privacy, JRSS B 84
 * (2022). Smith & Thakurta, Fully adaptive composition for Gaussian differential privacy, arXiv:2210.17520.
 */

import { exp } from "../numerics/elementary.js";

/** What discrete noise adds to epsilon, for 1e13 numbers answered, which are 80 TB: 2 g above. */
export const EXTRA_EPSILON = 1e-20;

/** The least sigma that noise may have, in steps of its grid: a step is then no more than a thousandth of it. */
export const LEAST_SIGMA = 1024;

/** Variance, in squared steps of the grid, that is set aside for the rounding of a continuous Gaussian. */
const ROUNDING_VARIANCE = 4;

/**
 * More than quadrature, rounding (also that of sums of mu^2) and exp(g) change of a delta, as a share of it: delta is an
 * upper bound in spite of them.
 */
const SLACK = 1e-11;

/**
 * mu^2 that discrete Gaussian noise spends.
 *
 * @param sensitivity the most that one row moves the statistic by (Euclidean), in steps of the grid
 * @param sigma integer, at least `LEAST_SIGMA`, in steps of the grid
 * @throws RangeError for another sigma
 */
export function mu2Of(sensitivity: number, sigma: number): number {
  if (!Number.isInteger(sigma) || sigma < LEAST_SIGMA) {
    throw new RangeError(`sigma must be an integer of at least ${LEAST_SIGMA}, found ${sigma}`);
  }
  return (sensitivity * sensitivity) / (sigma * sigma - ROUNDING_VARIANCE);
}

/**
 * The least integer sigma that spends no more than a share of the budget.
 *
 * @param sensitivity the most that one row moves the statistic by (Euclidean), in steps of the grid
 * @param mu2 share of mu^2, positive
 * @returns steps of the grid; below `LEAST_SIGMA` where the share is too large for this grid
 */
export function integerSigma(sensitivity: number, mu2: number): number {
  return Math.ceil(Math.sqrt((sensitivity * sensitivity) / mu2 + ROUNDING_VARIANCE));
}

/**
 * The delta for which what is mu-Gaussian-DP is (epsilon, delta)-DP, from above by a share of 1e-11 at most: Phi(-a) - exp(epsilon) Phi(-b),
 * a = epsilon / mu - mu / 2, b = a + mu.
 *
 * @param mu positive
 * @param epsilon at least 0
 * @returns 0 to 1; 0 where it is below 1e-300
 * @see Balle & Wang (2018), Theorem 8
 */
export function deltaOf(mu: number, epsilon: number): number {
  const start = epsilon / mu - mu / 2;
  // The two terms may agree in nearly all digits, so their difference is integrated, whose integrand is positive:
  // the normal density at s, times 1 - exp(-mu (s - a)), for s from a on. What is cut off is below 1e-18 of the whole.
  const from = Math.max(start, -9.5);
  const length = 83 / (from + Math.sqrt(from * from + 83));
  let sum = 0;
  for (let i = -LEVELS; i <= LEVELS; i++) {
    // The tanh-sinh rule (Takahasi & Mori 1974), which is indifferent to how steep the integrand begins.
    const growth = exp(i * STEP);
    const odds = exp((Math.PI / 2) * (growth - 1 / growth));
    const t = length * (odds / (1 + odds));
    const s = from + t;
    const weight = ((growth + 1 / growth) * odds) / ((1 + odds) * (1 + odds));
    sum += weight * exp((-s * s) / 2) * oneMinusExp(mu * (s - start));
  }
  const integral = ((STEP * Math.PI * length) / 2) * sum;
  return Math.min(1, (integral / Math.sqrt(2 * Math.PI)) * (1 + SLACK));
}

const STEP = 1 / 32;
const LEVELS = 3.75 / STEP;

/** 1 - exp(-x) for x >= 0, with all digits where x is small. */
function oneMinusExp(x: number): number {
  if (x > 0.5) return 1 - exp(-x);
  let term = x;
  let sum = x;
  for (let k = 2; Math.abs(term) > 1e-18 * sum; k++) {
    term *= -x / k;
    sum += term;
  }
  return sum;
}

/**
 * The least epsilon, from above, for which what is mu-Gaussian-DP in its discrete form is (epsilon, delta)-DP.
 *
 * @param mu at least 0; 0: nothing was answered
 * @param delta between 0 and 1
 * @throws RangeError for anything else
 */
export function epsilonOf(mu: number, delta: number): number {
  checkDelta(delta);
  if (!(mu >= 0 && mu < Infinity)) throw new RangeError(`mu must be at least 0 and finite, found ${mu}`);
  if (mu === 0) return 0;
  let high = mu;
  while (deltaOf(mu, high) > delta) high *= 2;
  return bisected(0, high, (epsilon) => deltaOf(mu, epsilon) <= delta)[1] + EXTRA_EPSILON;
}

/**
 * The greatest mu, from below, for which what is mu-Gaussian-DP in its discrete form is (epsilon, delta)-DP:
 * `deltaOf(muOf(epsilon, delta), epsilon) <= delta`.
 *
 * @param epsilon positive; tested from 1e-3 to 100
 * @param delta between 0 and 1; tested from 1e-15 to 1e-2
 * @throws RangeError for anything else
 */
export function muOf(epsilon: number, delta: number): number {
  checkDelta(delta);
  if (!(epsilon > EXTRA_EPSILON && epsilon < Infinity)) {
    throw new RangeError(`epsilon must be positive and finite, found ${epsilon}`);
  }
  const proper = epsilon - EXTRA_EPSILON;
  let high = 1;
  while (deltaOf(high, proper) <= delta) high *= 2;
  return bisected(0, high, (mu) => deltaOf(mu, proper) > delta)[0];
}

function checkDelta(delta: number): void {
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta must be between 0 and 1, found ${delta}`);
}

/** Two neighbouring numbers, the first without and the second with a property that large ones have, as `high` does. */
function bisected(low: number, high: number, holds: (x: number) => boolean): [number, number] {
  let [without, with_] = [low, high];
  for (;;) {
    const middle = without + (with_ - without) / 2;
    if (middle <= without || middle >= with_) return [without, with_];
    if (holds(middle)) with_ = middle;
    else without = middle;
  }
}
