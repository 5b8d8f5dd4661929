import { max, mean, min, standardDeviation } from "simple-statistics";

/** Descriptive statistics of one feature, as `metadata.json` and reports print them. */
export interface FeatureDescription {
  mean: number;
  /** Population standard deviation (divided by n), as numpy.std. */
  std: number;
  min: number;
  max: number;
}

/**
 * Describes a feature, in its own unit. Cost n.
 *
 * @param values (n,) at least one, finite
 * @example describeFeature([1, 2, 6]) // => { mean: 3, std: Math.sqrt(14 / 3), min: 1, max: 6 }
 */
export function describeFeature(values: number[]): FeatureDescription {
  return { mean: mean(values), std: standardDeviation(values), min: min(values), max: max(values) };
}
