import { theSetting } from "../errors.js";
import { countOf, type Message, malformed, numberOf, shown, textOf } from "./message.js";

/** Modes in which clients protect their rows, as messages name them. */
export const PROTECTIONS = ["threshold", "groups", "dp"] as const;

/** What the differential privacy of a run goes by. Public, all of it: none of it follows from rows. */
export interface PrivateTerms {
  /** Whatever leaves a client is at most e^epsilon times as likely with a row as without it, plus delta; above 0. */
  readonly epsilon: number;
  /** What may come to a probability beside that factor; above 0, below 1 / `declaredRows`. */
  readonly delta: number;
  /** Rows of the federation, as it was agreed on: a round figure does, and nobody counts them. */
  readonly declaredRows: number;
}

/** What a client holds to. Its owner decides; a server may ask for more of the same, never for less. */
export interface Protection {
  /** `threshold`: means of few rows are withheld; `groups`: points stand for several rows each; `dp`: noise. */
  readonly mode: (typeof PROTECTIONS)[number];
  /** Least number of rows behind a point: of `groups`, where 1 is rows, without protection; else 1. */
  readonly groupSize: number;
  /** Means and sums of fewer rows are not sent: of `threshold`; else 1. */
  readonly privacyThreshold: number;
  /** Of `dp`, differential privacy of single rows; else none. */
  readonly privately?: PrivateTerms | null;
}

/** Computed from rows, all of them. */
export const ROWS: Protection = { mode: "groups", groupSize: 1, privacyThreshold: 1 };

/** Whether points stand for several rows each. */
export function hasGroups({ groupSize }: Protection): boolean {
  return groupSize > 1;
}

/** A protection as a message carries it. */
export type ProtectionScalars = ModeScalars | (ModeScalars & TermsScalars);

type ModeScalars = { protection: Protection["mode"]; group_size: number; privacy_threshold: number };

/** The terms of differential privacy as a message carries them. */
export type TermsScalars = { epsilon: number; delta: number; declared_rows: number };

export function protectionScalars(protection: Protection): ProtectionScalars {
  const { mode, groupSize, privacyThreshold, privately } = protection;
  return {
    protection: mode,
    group_size: groupSize,
    privacy_threshold: privacyThreshold,
    ...(privately && termsScalars(privately)),
  };
}

export function termsScalars({ epsilon, delta, declaredRows }: PrivateTerms): TermsScalars {
  return { epsilon, delta, declared_rows: declaredRows };
}

/** @throws RunError if they are absent, or none that a run can have */
export function readTerms(message: Message): PrivateTerms {
  const declaredRows = countOf(message, "declared_rows", 1);
  const [epsilon, delta] = [numberOf(message, "epsilon"), numberOf(message, "delta")];
  if (epsilon <= 0) throw malformed(message, 'scalar "epsilon"', "a number above 0", String(epsilon));
  if (delta <= 0 || delta * declaredRows >= 1) {
    const expected = `a number above 0 and below 1 / ${declaredRows} rows`;
    throw malformed(message, 'scalar "delta"', expected, String(delta));
  }
  return { epsilon, delta, declaredRows };
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
    ...(mode === "dp" && { privately: readTerms(message) }),
  };
}

/** By the settings that say it. */
export function describeProtection({ mode, groupSize, privacyThreshold, privately }: Protection): string {
  if (privately) return `${theSetting("privacy")} dp, ${describeTerms(privately)}`;
  if (mode === "groups") return `${theSetting("groupSize")} ${groupSize}`;
  return `${theSetting("privacy")} threshold, ${theSetting("privacyThreshold")} ${privacyThreshold}`;
}

/** By the settings that say them. */
export function describeTerms({ epsilon, delta, declaredRows }: PrivateTerms): string {
  return `${theSetting("epsilon")} ${epsilon}, ${theSetting("delta")} ${describeDelta(delta)}, ${theSetting("declaredRows")} ${declaredRows}`;
}

/** As people write so small a number: "1e-6". */
export function describeDelta(delta: number): string {
  return delta < 1e-3 ? delta.toExponential() : String(delta);
}
