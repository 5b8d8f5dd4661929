import { mean, sampleStandardDeviation } from "simple-statistics";
import { powerOfTwoNear } from "../numerics/power-of-two.js";

/** A sample in short. */
export interface Spread {
  n: number;
  mean: number;
  /** Sample standard deviation (divided by n - 1); null for one value. */
  sd: number | null;
  /** 95 % interval of the mean, by Student's t; null for one value. */
  low: number | null;
  high: number | null;
}

/** @param values at least one */
export function spread(values: readonly number[]): Spread {
  const n = values.length;
  // Values are taken relative to the first one, so that equal values have no spread.
  const shifts = values.map((value) => value - values[0]);
  const centre = values[0] + mean(shifts);
  if (n < 2) return { n, mean: centre, sd: null, low: null, high: null };
  const scale = powerOfTwoNear(shifts);
  const sd = scale * sampleStandardDeviation(shifts.map((shift) => shift / scale));
  const half = (studentQuantile975(n - 1) * sd) / Math.sqrt(n);
  return { n, mean: centre, sd, low: centre - half, high: centre + half };
}

/** Quantile 0.975 of the normal distribution. */
const NORMAL_975 = 1.959963984540054;

/** Exact to the digits shown, for the few degrees of freedom where the expansion below is not. */
const FEW = [12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814];

/**
 * Quantile 0.975 of Student's t.
 *
 * @param degrees at least 1
 * @see Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 26.7.5
 */
export function studentQuantile975(degrees: number): number {
  if (degrees <= FEW.length) return FEW[degrees - 1];
  const z = NORMAL_975;
  const z3 = z ** 3;
  const z5 = z ** 5;
  const z7 = z ** 7;
  return (
    z +
    (z3 + z) / (4 * degrees) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees ** 3)
  );
}
