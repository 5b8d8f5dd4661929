import type { Bounds } from "./bounds.js";
import type { GroupScale } from "./groups.js";

/** How a client protects its rows, from least to most; groups of 1 are rows, which is least of all. */
export const PRIVACY_MODES = ["threshold", "groups", "dp"] as const;
export type PrivacyMode = (typeof PRIVACY_MODES)[number];

/** What a client gives under differential privacy. */
export interface PrivatePolicy {
  /** The most that one run may spend of its rows' budget, at `delta`. */
  readonly epsilon: number;
  /** The most that all runs together may, for good. */
  readonly epsilonLimit: number;
  readonly delta: number;
  /** Rows of the whole federation, as agreed; what a run says must be the same. */
  readonly declaredRows: number;
  readonly bounds: Bounds;
}

/** What a client gives. Whoever holds the rows decides it; a server can ask for more protection, never for less. */
export interface Policy {
  /** `groups`: points that stand for several rows. `threshold`: rows, less the means of few of them. `dp`: noise. */
  readonly mode: PrivacyMode;
  /** Least number of rows behind a point; 1 where rows are what is computed from, as under `threshold`. */
  readonly groupSize: number;
  /** What features are divided by before rows are compared. */
  readonly groupScale: GroupScale;
  /** Means and sums of fewer rows than this are withheld: of `threshold`; 1 under `groups`. */
  readonly privacyThreshold: number;
  /** Whether the labels' classes, and how many rows of each are behind points, may leave. */
  readonly sharesLabels: boolean;
  /** Of `dp`; else null. */
  readonly privately: PrivatePolicy | null;
}

/** @param size least number of rows behind a point; 1 for rows */
export function groupsPolicy(size: number, groupScale: GroupScale = "std"): Policy {
  return {
    mode: "groups",
    groupSize: size,
    groupScale,
    privacyThreshold: 1,
    sharesLabels: true,
    privately: null,
  };
}

/** @param threshold least number of rows behind a mean or a sum that is sent */
export function thresholdPolicy(threshold: number): Policy {
  return {
    mode: "threshold",
    groupSize: 1,
    groupScale: "std",
    privacyThreshold: threshold,
    sharesLabels: true,
    privately: null,
  };
}

/** Answers with noise, and no labels. */
export function privatePolicy(privately: PrivatePolicy): Policy {
  return {
    mode: "dp",
    groupSize: 1,
    groupScale: "std",
    privacyThreshold: 1,
    sharesLabels: false,
    privately,
  };
}

/** Rows, without protection. */
export const NO_POLICY: Policy = groupsPolicy(1);

/** What tells how much a policy protects. */
type Strictness = Pick<Policy, "mode" | "groupSize">;

/** Whether one policy protects rows less than another: in a mode of less protection, or in smaller groups. */
export function protectsLess(one: Strictness, other: Strictness): boolean {
  const [rank, otherRank] = [rankOf(one), rankOf(other)];
  return rank === otherRank ? one.groupSize < other.groupSize : rank < otherRank;
}

function rankOf({ mode, groupSize }: Strictness): number {
  return mode === "groups" && groupSize === 1 ? -1 : PRIVACY_MODES.indexOf(mode);
}
