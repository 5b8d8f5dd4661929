import type { GroupScale } from "./groups.js";

/** How a client protects its rows, from least to most: a mode that stands later is stricter. */
export const PRIVACY_MODES = ["threshold", "groups"] as const;
export type PrivacyMode = (typeof PRIVACY_MODES)[number];

/** What a client gives. Whoever holds the rows decides it; a server can ask for more protection, never for less. */
export interface Policy {
  /** `groups`: points that stand for several rows. `threshold`: rows, less the means of few of them. */
  readonly mode: PrivacyMode;
  /** Least number of rows behind a point; 1 where rows are what is computed from, as under `threshold`. */
  readonly groupSize: number;
  /** What features are divided by before rows are compared. */
  readonly groupScale: GroupScale;
  /** Means and sums of fewer rows than this are withheld: of `threshold`; 1 under `groups`. */
  readonly privacyThreshold: number;
  /** Whether the labels' classes, and how many rows of each are behind points, may leave. */
  readonly sharesLabels: boolean;
}

/** @param size least number of rows behind a point; 1 for rows */
export function groupsPolicy(size: number, groupScale: GroupScale = "std"): Policy {
  return { mode: "groups", groupSize: size, groupScale, privacyThreshold: 1, sharesLabels: true };
}

/** @param threshold least number of rows behind a mean or a sum that is sent */
export function thresholdPolicy(threshold: number): Policy {
  return {
    mode: "threshold",
    groupSize: 1,
    groupScale: "std",
    privacyThreshold: threshold,
    sharesLabels: true,
  };
}

/** Rows, without protection. */
export const NO_POLICY: Policy = groupsPolicy(1);
