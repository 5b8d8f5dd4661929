import { UsageError } from "../errors.js";
import type { Bounds } from "../privacy/bounds.js";
import type { GroupScale } from "../privacy/groups.js";
import {
  groupsPolicy,
  type Policy,
  type PrivacyMode,
  privatePolicy,
  thresholdPolicy,
} from "../privacy/policy.js";
import type { PrivateTerms, Protection } from "../workflow/protection.js";

/** Where nothing is said: clients of more than 8 k times as many rows lose less than 1 % of inertia by it. */
export const DEFAULT_GROUP_SIZE = 5;
/** A rare value far off moves a range by all it is off. */
export const DEFAULT_GROUP_SCALE: GroupScale = "std";
/** As published. */
const DEFAULT_THRESHOLD = 2;

/** The settings of a client's protection. */
export interface PrivacySettings {
  readonly privacy: PrivacyMode | null;
  readonly groupSize: number | null;
  readonly groupScale: GroupScale | null;
  readonly privacyThreshold: number | null;
  readonly epsilon: number | null;
  readonly epsilonLimit: number | null;
  readonly delta: number | null;
  readonly declaredRows: number | null;
  readonly bounds: string | null;
  readonly stateDir: string | null;
}

/** What each mode goes by; of another, it has no use for it. */
const SETTINGS_OF: Readonly<Record<PrivacyMode, readonly (keyof PrivacySettings)[]>> = {
  groups: ["groupSize", "groupScale"],
  threshold: ["privacyThreshold"],
  dp: ["epsilon", "epsilonLimit", "delta", "declaredRows", "bounds"],
};

const NONE: Omit<PrivacySettings, "privacy" | "stateDir"> = {
  groupSize: null,
  groupScale: null,
  privacyThreshold: null,
  epsilon: null,
  epsilonLimit: null,
  delta: null,
  declaredRows: null,
  bounds: null,
};

/** What to call a setting in an error. */
type NameOf = (setting: keyof PrivacySettings | "asPublished") => string;

/**
 * Completes the settings of a client's protection: what the mode that is wanted goes by, and null for what it has no use
 * for.
 *
 * @param isAsked whether a server asks for it, whose clients have the bounds
 * @throws UsageError where they do not go together, naming both
 */
export function completePrivacy<S extends PrivacySettings>(
  settings: S,
  asPublished: boolean,
  nameOf: NameOf,
  isAsked = false,
): PrivacySettings & { readonly privacy: PrivacyMode } {
  const { privacy: given, stateDir } = settings;
  const privacy = given ?? (asPublished ? "threshold" : "groups");
  const implied = given === null && asPublished ? `, which ${nameOf("asPublished")} implies` : "";
  for (const [mode, names] of Object.entries(SETTINGS_OF)) {
    const stranger = mode === privacy ? undefined : names.find((name) => settings[name] !== null);
    if (stranger === undefined) continue;
    throw new UsageError(
      `${nameOf(stranger)} needs ${nameOf("privacy")} to be ${mode}, found ${privacy}${implied}`,
    );
  }
  const none = { ...NONE, privacy, stateDir };
  if (privacy === "dp") return { ...none, ...completeTerms(settings, asPublished, nameOf, isAsked) };
  if (privacy === "groups") return { ...none, ...completeGroups(settings, asPublished, nameOf) };
  const { privacyThreshold } = settings;
  if (asPublished && (privacyThreshold ?? 1) > 1) {
    throw new UsageError(
      `${nameOf("asPublished")} sends single rows: ${nameOf("privacyThreshold")} must be 0 or 1 with it, ` +
        `found ${privacyThreshold}`,
    );
  }
  return { ...none, privacyThreshold: privacyThreshold ?? (asPublished ? 1 : DEFAULT_THRESHOLD) };
}

function completeGroups(
  { groupSize, groupScale }: PrivacySettings,
  asPublished: boolean,
  nameOf: NameOf,
): Pick<PrivacySettings, "groupSize" | "groupScale"> {
  if (asPublished && groupSize !== 1) {
    throw new UsageError(
      `${nameOf("asPublished")} sends single rows: it needs ${nameOf("groupSize")} 1, found ${groupSize ?? DEFAULT_GROUP_SIZE}`,
    );
  }
  if (groupSize === 1 && groupScale !== null) {
    throw new UsageError(
      `${nameOf("groupScale")} needs ${nameOf("groupSize")} to be 2 or more, found 1: rows are in no groups`,
    );
  }
  const scale = groupSize === 1 ? null : (groupScale ?? DEFAULT_GROUP_SCALE);
  return { groupSize: groupSize ?? DEFAULT_GROUP_SIZE, groupScale: scale };
}

/** Of differential privacy: all of it must be said, but for what follows from the rest. */
function completeTerms(
  { epsilon, epsilonLimit, delta, declaredRows, bounds }: PrivacySettings,
  asPublished: boolean,
  nameOf: NameOf,
  isAsked: boolean,
): Pick<PrivacySettings, "epsilon" | "epsilonLimit" | "delta" | "declaredRows" | "bounds"> {
  if (asPublished) {
    throw new UsageError(
      `${nameOf("asPublished")} sends single rows: it needs ${nameOf("privacy")} threshold or groups, found dp`,
    );
  }
  const missing = (name: keyof PrivacySettings, what: string) =>
    new UsageError(`${nameOf(name)} is missing: ${what}, which ${nameOf("privacy")} dp needs`);
  if (epsilon === null) throw missing("epsilon", "what a run may spend of its rows' privacy, 1 say");
  if (declaredRows === null) {
    throw missing("declaredRows", "the number of rows of all clients, as agreed, a round figure");
  }
  if (isAsked && bounds !== null) {
    throw new UsageError(`${nameOf("bounds")} are each client's own: a server asks for none`);
  }
  if (bounds === null && !isAsked) throw missing("bounds", "a CSV file of feature,low,high, public bounds");
  if (epsilonLimit !== null && epsilonLimit < epsilon) {
    throw new UsageError(
      `${nameOf("epsilonLimit")} must be at least ${nameOf("epsilon")}, which is ${epsilon}, found ${epsilonLimit}`,
    );
  }
  if (delta !== null && delta * declaredRows >= 1) {
    throw new UsageError(
      `${nameOf("delta")} must be below 1 / ${nameOf("declaredRows")} = ${1 / declaredRows}, found ${delta}: else a row could be published outright`,
    );
  }
  return {
    epsilon,
    epsilonLimit: epsilonLimit ?? (isAsked ? null : epsilon),
    delta: delta ?? defaultDelta(declaredRows),
    declaredRows,
    bounds,
  };
}

/** Below 1 / n by more, the more rows there are. */
function defaultDelta(declaredRows: number): number {
  return Math.min(1e-6, Number((declaredRows ** -1.1).toPrecision(2)));
}

/** What differential privacy of a run goes by, once its settings are complete; null of other modes. */
export function termsOf({
  epsilon,
  delta,
  declaredRows,
}: Pick<PrivacySettings, "epsilon" | "delta" | "declaredRows">): PrivateTerms | null {
  if (epsilon === null || delta === null || declaredRows === null) return null;
  return { epsilon, delta, declaredRows };
}

/** What a server asks clients of these settings for, once they are complete. */
export function protectionOf(settings: PrivacySettings): Protection {
  const privately = termsOf(settings);
  if (privately !== null) return { mode: "dp", groupSize: 1, privacyThreshold: 1, privately };
  const { mode, groupSize, privacyThreshold } = policyOf(settings);
  return { mode, groupSize, privacyThreshold };
}

/**
 * What clients of these settings give, once they are complete.
 *
 * @param bounds of their features, under differential privacy
 */
export function policyOf(settings: PrivacySettings, bounds: Bounds | null = null): Policy {
  const { groupSize, groupScale, privacyThreshold, epsilonLimit } = settings;
  const terms = termsOf(settings);
  if (terms !== null && bounds !== null) {
    return privatePolicy({ ...terms, epsilonLimit: epsilonLimit ?? terms.epsilon, bounds });
  }
  if (groupSize === null) return thresholdPolicy(privacyThreshold ?? 0);
  return groupsPolicy(groupSize, groupScale ?? DEFAULT_GROUP_SCALE);
}
