/*
 * The account of Gaussian noise, continuous and discrete.
 *
 * Continuous. A statistic that one row moves by at most D (Euclidean), with noise of variance v on each coordinate, is
 * mu-Gaussian-DP, mu^2 = D^2 / v; statistics released together add their mu^2, and so do answers one after the other, also
 * where what is asked next depends on what was answered (Dong, Roth & Su 2022, Cor. 3.3) and where how much is spent on it
 * does, as long as the sum stays below a limit fixed beforehand (Smith & Thakurta 2022). mu-Gaussian-DP is
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

import { exp, log } from "../numerics/elementary.js";

/** What discrete noise adds to epsilon, for 1e13 numbers answered, which are 80 TB: 2 g above. */
export const EXTRA_EPSILON = 1e-20;

/** The least sigma that noise may have, in steps of its grid: a step is then no more than a thousandth of it. */
export const LEAST_SIGMA = 1024;

/** Variance, in squared steps of the grid, that is set aside for the rounding of a continuous Gaussian. */
const ROUNDING_VARIANCE = 4;

/**
 * More than quadrature, rounding and exp(g) change of a delta, as a share of it, and than shares of mu^2 do that add up to
 * 1 + 1e-12: delta is an upper bound in spite of them.
 */
const SLACK = 1e-10;

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
 * The delta for which what is mu-Gaussian-DP is (epsilon, delta)-DP, from above, by a share of 1e-10: Phi(-a) -
 * exp(epsilon) Phi(-b), a = epsilon / mu - mu / 2, b = a + mu.
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
  for (let i = 0; i < NODES.length; i++) {
    const t = length * NODES[i];
    const s = from + t;
    sum += WEIGHTS[i] * exp((-s * s) / 2) * oneMinusExp(mu * (s - start));
  }
  return Math.min(1, ((length * sum) / Math.sqrt(2 * Math.PI)) * (1 + SLACK));
}

/* The tanh-sinh rule on 0..1 (Takahasi & Mori 1974), which is indifferent to how steep an integrand begins. */
const STEP = 1 / 32;
const GROWTHS = Float64Array.from({ length: 241 }, (_, i) => exp((i - 120) * STEP));
const ODDS = GROWTHS.map((growth) => exp((Math.PI / 2) * (growth - 1 / growth)));
const NODES = ODDS.map((odds) => odds / (1 + odds));
const WEIGHTS = ODDS.map(
  (odds, i) => (((STEP * Math.PI) / 2) * (GROWTHS[i] + 1 / GROWTHS[i]) * odds) / ((1 + odds) * (1 + odds)),
);

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
  const target = log(delta);
  const excess = (epsilon: number) => target - log(deltaOf(mu, epsilon));
  if (excess(0) >= 0) return EXTRA_EPSILON;
  let high = mu;
  while (!(excess(high) > 0)) high *= 2;
  return rootOf(high === mu ? 0 : high / 2, high, excess)[1] + EXTRA_EPSILON;
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
  const target = log(delta);
  const excess = (mu: number) => log(deltaOf(mu, proper)) - target;
  let high = 1;
  while (!(excess(high) > 0)) high *= 2;
  const mu = rootOf(0, high, excess)[0];
  // Logarithms are rounded, too.
  return deltaOf(mu, epsilon) <= delta ? mu : mu * (1 - NEAR);
}

function checkDelta(delta: number): void {
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta must be between 0 and 1, found ${delta}`);
}

/** What a root is found to, as a share of it: far less than `SLACK` leaves open. */
const NEAR = 1e-14;

/**
 * A root of an increasing function by the Illinois method (Dowell & Jarratt 1971): regula falsi, where an end that stays
 * counts half.
 *
 * @param low where the function is not positive, or 0
 * @param high where it is positive
 * @returns numbers next to the root, of which the function is not positive and positive
 */
function rootOf(low: number, high: number, valueAt: (x: number) => number): [number, number] {
  let [left, right] = [low, high];
  let [atLeft, atRight] = [-Infinity, valueAt(high)];
  let stayed: "left" | "right" | null = null;
  while (right - left > NEAR * right) {
    const guess = left + (atLeft / (atLeft - atRight)) * (right - left);
    const x = guess > left && guess < right ? guess : left + (right - left) / 2;
    const found = valueAt(x);
    if (found > 0) {
      if (stayed === "left") atLeft /= 2;
      [right, atRight, stayed] = [x, found, "left"];
    } else {
      if (stayed === "right") atRight /= 2;
      [left, atLeft, stayed] = [x, found, "right"];
    }
  }
  return [left, right];
}
