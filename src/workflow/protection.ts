import { theSetting } from "../errors.js";
import { countOf, type Message, malformed, shown, textOf } from "./message.js";

/** Modes in which clients protect their rows, as messages name them. */
export const PROTECTIONS = ["threshold", "groups"] as const;

/** What a client holds to. Its owner decides; a server may ask for more of the same, never for less. */
export interface Protection {
  /** `threshold`: means of few rows are withheld; `groups`: points stand for several rows each. */
  readonly mode: (typeof PROTECTIONS)[number];
  /** Least number of rows behind a point: of `groups`, where 1 is rows, without protection; else 1. */
  readonly groupSize: number;
  /** Means and sums of fewer rows are not sent: of `threshold`; else 1. */
  readonly privacyThreshold: number;
}

/** Computed from rows, all of them. */
export const ROWS: Protection = { mode: "groups", groupSize: 1, privacyThreshold: 1 };

/** Whether points stand for several rows each. */
export function hasGroups({ groupSize }: Protection): boolean {
  return groupSize > 1;
}

/** A protection as a message carries it. */
export type ProtectionScalars = {
  protection: Protection["mode"];
  group_size: number;
  privacy_threshold: number;
};

export function protectionScalars({ mode, groupSize, privacyThreshold }: Protection): ProtectionScalars {
  return { protection: mode, group_size: groupSize, privacy_threshold: privacyThreshold };
}

/** @throws RunError if the message is malformed */
export function readProtection(message: Message): Protection {
  const mode = textOf(message, "protection") as Protection["mode"];
  if (!PROTECTIONS.includes(mode)) {
    throw malformed(message, 'scalar "protection"', `one of ${PROTECTIONS.join(", ")}`, shown(mode));
  }
  return {
    mode,
    groupSize: countOf(message, "group_size", 1),
    privacyThreshold: countOf(message, "privacy_threshold"),
  };
}

/** By the settings that say it. */
export function describeProtection({ mode, groupSize, privacyThreshold }: Protection): string {
  if (mode === "groups") return `${theSetting("groupSize")} ${groupSize}`;
  return `${theSetting("privacy")} threshold, ${theSetting("privacyThreshold")} ${privacyThreshold}`;
}
