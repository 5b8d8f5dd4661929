import { exp } from "../numerics/elementary.js";
import { deltaOf } from "./gaussian-account.js";

/**
 * How often the best test for whether a row was there finds one that was, of all tests that look at everything a
 * mu-Gaussian-DP mechanism answered, and at all other rows: from above.
 *
 * Of a test with a share a of false alarms, (epsilon, delta) says that it detects at most exp(epsilon) a + delta, and that
 * it passes over at least exp(-epsilon) (1 - delta - a). The least of what these leave, over all epsilon, is the rate of
 * the best test, Phi(Phi^-1(a) + mu).
 *
 * @param mu positive
 * @param falseAlarms rate of tests that say of a row that it was there where it was not, between 0 and 1/2
 * @returns between `falseAlarms` and 1
 * @see Dong, Roth & Su, Gaussian differential privacy, JRSS B 84 (2022), where epsilon and delta are the dual of this rate
 */
export function detectionRate(mu: number, falseAlarms: number): number {
  const detects = (epsilon: number) => exp(epsilon) * falseAlarms + deltaOf(mu, epsilon);
  const misses = (epsilon: number) => 1 - exp(-epsilon) * (1 - deltaOf(mu, epsilon) - falseAlarms);
  return Math.min(1, leastOf(detects, mu), leastOf(misses, mu));
}

/** Of a function that falls and then rises, as a convex function of exp(epsilon) or exp(-epsilon) does. */
function leastOf(bound: (epsilon: number) => number, mu: number): number {
  let [low, high] = [0, (mu * mu) / 2 + mu * FARTHEST];
  for (let i = 0; i < STEPS; i++) {
    const third = (high - low) / 3;
    if (bound(low + third) <= bound(high - third)) high -= third;
    else low += third;
  }
  return Math.min(bound(low), bound(high));
}

/** In quantiles of the normal distribution, farther than any false alarms of use. */
const FARTHEST = 10;
const STEPS = 60;
