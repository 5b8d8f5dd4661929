import { UsageError } from "../errors.js";
import type { GroupScale } from "../privacy/groups.js";
import { groupsPolicy, type Policy, type PrivacyMode, thresholdPolicy } from "../privacy/policy.js";

/** Where nothing is said: clients of more than 8 k times as many rows lose less than 1 % of inertia by it. */
export const DEFAULT_GROUP_SIZE = 5;
/** A rare value far off moves a range by all it is off. */
export const DEFAULT_GROUP_SCALE: GroupScale = "std";
/** As published. */
const DEFAULT_THRESHOLD = 2;

/** The settings of a client's protection. */
interface PrivacySettings {
  readonly privacy: PrivacyMode | null;
  readonly groupSize: number | null;
  readonly groupScale: GroupScale | null;
  readonly privacyThreshold: number | null;
}

/** What to call a setting in an error. */
type NameOf = (setting: keyof PrivacySettings | "asPublished") => string;

/**
 * Completes the settings of a client's protection: what the mode that is wanted goes by, and null for what it has no use
 * for.
 *
 * @throws UsageError where they do not go together, naming both
 */
export function completePrivacy(
  { privacy: given, groupSize, groupScale, privacyThreshold }: PrivacySettings,
  asPublished: boolean,
  nameOf: NameOf,
): PrivacySettings & { readonly privacy: PrivacyMode } {
  const privacy = given ?? (asPublished ? "threshold" : "groups");
  if (privacy === "groups") {
    if (privacyThreshold !== null) {
      throw new UsageError(
        `${nameOf("privacyThreshold")} needs ${nameOf("privacy")} to be threshold, found groups`,
      );
    }
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
    return {
      privacy,
      groupSize: groupSize ?? DEFAULT_GROUP_SIZE,
      groupScale: scale,
      privacyThreshold: null,
    };
  }
  const implied = given === null ? `, which ${nameOf("asPublished")} implies` : "";
  for (const [name, value] of Object.entries({ groupSize, groupScale })) {
    if (value === null) continue;
    throw new UsageError(
      `${nameOf(name as "groupSize" | "groupScale")} needs ${nameOf("privacy")} to be groups, found threshold${implied}`,
    );
  }
  if (asPublished && (privacyThreshold ?? 1) > 1) {
    throw new UsageError(
      `${nameOf("asPublished")} sends single rows: ${nameOf("privacyThreshold")} must be 0 or 1 with it, ` +
        `found ${privacyThreshold}`,
    );
  }
  const threshold = privacyThreshold ?? (asPublished ? 1 : DEFAULT_THRESHOLD);
  return { privacy, groupSize: null, groupScale: null, privacyThreshold: threshold };
}

/** What clients of these settings give, once they are complete. */
export function policyOf({ groupSize, groupScale, privacyThreshold }: PrivacySettings): Policy {
  if (groupSize === null) return thresholdPolicy(privacyThreshold ?? 0);
  return groupsPolicy(groupSize, groupScale ?? DEFAULT_GROUP_SCALE);
}
