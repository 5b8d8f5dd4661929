import { UsageError } from "../errors.js";
import type { GroupScale } from "../privacy/groups.js";
import { groupsPolicy, type Policy, type PrivacyMode, thresholdPolicy } from "../privacy/policy.js";

/** Where nothing is said: clients of more than 8 k times as many rows lose less than 1 % of inertia by it. */
export const DEFAULT_GROUP_SIZE = 5;
/** As published. */
const DEFAULT_THRESHOLD = 2;

/** The settings of a client's protection. */
interface PrivacySettings {
  readonly privacy: PrivacyMode | null;
  readonly groupSize: number | null;
  readonly groupScale: GroupScale;
  readonly privacyThreshold: number | null;
}

/** What to call a setting in an error. */
type NameOf = (setting: keyof PrivacySettings | "asPublished") => string;

/**
 * Completes the settings of a client's protection: the number of the mode that is wanted, and null for the other's.
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
        `${nameOf("privacyThreshold")} goes with ${nameOf("privacy")} threshold only, which is groups`,
      );
    }
    if (asPublished && groupSize !== 1) {
      throw new UsageError(
        `${nameOf("asPublished")} sends single rows: it needs ${nameOf("groupSize")} 1, found ${groupSize ?? DEFAULT_GROUP_SIZE}`,
      );
    }
    return { privacy, groupSize: groupSize ?? DEFAULT_GROUP_SIZE, groupScale, privacyThreshold: null };
  }
  if (groupSize !== null) {
    throw new UsageError(
      `${nameOf("groupSize")} goes with ${nameOf("privacy")} groups only, which is threshold`,
    );
  }
  if (asPublished && (privacyThreshold ?? 1) > 1) {
    throw new UsageError(
      `${nameOf("asPublished")} sends single rows: ${nameOf("privacyThreshold")} must be 0 or 1 with it, ` +
        `found ${privacyThreshold}`,
    );
  }
  const threshold = privacyThreshold ?? (asPublished ? 1 : DEFAULT_THRESHOLD);
  return { privacy, groupSize: null, groupScale, privacyThreshold: threshold };
}

/** What clients of these settings give, once they are complete. */
export function policyOf({ groupSize, groupScale, privacyThreshold }: PrivacySettings): Policy {
  return groupSize === null ? thresholdPolicy(privacyThreshold ?? 0) : groupsPolicy(groupSize, groupScale);
}
