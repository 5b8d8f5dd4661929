import { RunError } from "../errors.js";
import { type Behind, leastOf } from "./behind.js";
import type { LocalData, PrivateRows } from "./local-data.js";
import {
  countOf,
  flagOf,
  floats,
  floatsOf,
  LARGEST_VALUE,
  type Message,
  malformed,
  type NamedArray,
  shown,
  textOf,
  textsOf,
} from "./message.js";
import {
  describeProtection,
  type PrivateTerms,
  type Protection,
  type ProtectionScalars,
  protectionScalars,
  readProtection,
} from "./protection.js";

/**
 * Of what messages say and mean: another wherever a client of before would misunderstand a request, or a server of
 * before a reply.
 */
export const PROTOCOL = 2;

/**
 * The server asks who is there, and says how it speaks, what protection the run is to have at least and, where it is not
 * about all that clients have, which features it is about.
 */
export interface HandshakeRequest extends Message {
  readonly kind: "handshake";
  readonly scalars: ProtectionScalars & { protocol: number };
}

/** What every client says of itself. */
type OwnScalars = ProtectionScalars & {
  protocol: number;
  name: string;
  n_features: number;
  /** Empty where the client has none. */
  feature_names: readonly string[];
  has_labels: boolean;
  /** Name of the column that its labels are from; empty where it has none, or one without a name. */
  label_column: string;
};

/** Leaves the client: metadata, and how many groups of which sizes, which under groups follow from its values. */
export interface HandshakeReply extends Message {
  readonly kind: "handshake";
  readonly scalars: OwnScalars & {
    n_samples: number;
    /** Points that stand for its rows, and the least and the greatest number of rows behind one of them. */
    n_points: number;
    least_weight: number;
    greatest_weight: number;
  };
}

/** Leaves the client under `dp`: metadata that are public. It does not tell how many rows it has. */
export interface PrivateHandshakeReply extends Message {
  readonly kind: "handshake";
  readonly scalars: OwnScalars;
  readonly arrays: {
    /** (d,) each: the bounds of its features, in its own order and their units. */
    low: NamedArray;
    high: NamedArray;
  };
}

/** What a client says of itself at the handshake. */
export interface ClientDescription {
  name: string;
  /** 0 under `dp`, where no client tells how many rows it has. */
  nSamples: number;
  nFeatures: number;
  featureNames: readonly string[] | null;
  hasLabels: boolean;
  labelColumn: string | null;
  protection: Protection;
  /** 0 under `dp`, too. */
  nPoints: number;
  /** Least and greatest number of rows behind a point; 0 where there is none. */
  leastWeight: number;
  greatestWeight: number;
  /** Of its features, in its own order; null but under `dp`. */
  bounds: FeatureBounds | null;
}

/** Public bounds of features, in their units: (d,) each. */
export interface FeatureBounds {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** @param wanted what clients are to hold to at least; each may be stricter in the same mode */
export function handshakeRequest(wanted: Protection): HandshakeRequest {
  return { kind: "handshake", arrays: {}, scalars: { protocol: PROTOCOL, ...protectionScalars(wanted) } };
}

/**
 * What a server wants clients to hold to at least.
 *
 * @param own what the client holds to
 * @throws RunError if the server speaks another protocol, or wants another mode of protection than the client's own,
 *   which is its owner's choice
 */
export function checkWanted(own: Protection, request: Message): Protection {
  checkProtocol(request);
  const wanted = readProtection(request);
  const isOfMode = wanted.mode === own.mode;
  if (isOfMode && (!own.privately || !wanted.privately || areWithin(wanted.privately, own.privately))) {
    return wanted;
  }
  throw new RunError(`it holds to ${describeProtection(own)}, the run wants ${describeProtection(wanted)}`);
}

/** Whether a run of these terms spends no more than a client allows, for as many rows as it goes by. */
export function areWithin(wanted: PrivateTerms, own: PrivateTerms): boolean {
  return (
    wanted.epsilon <= own.epsilon && wanted.delta <= own.delta && wanted.declaredRows === own.declaredRows
  );
}

/** @throws as `checkWanted` */
export function answerHandshake(local: LocalData, request: Message): HandshakeReply | PrivateHandshakeReply {
  const wanted = checkWanted(local.protection, request);
  if (local.privately) return privateHandshake(local, local.privately, wanted);
  const { mode, groupSize, privacyThreshold } = local.protection;
  const weights = local.weights ?? Float64Array.of(Math.min(1, local.nPoints));
  return {
    kind: "handshake",
    arrays: {},
    scalars: {
      protocol: PROTOCOL,
      name: local.name,
      n_samples: local.nSamples,
      n_features: local.nFeatures,
      feature_names: local.featureNames ?? [],
      has_labels: local.labels !== null,
      label_column: (local.labels && local.labelColumn) ?? "",
      ...protectionScalars({
        mode,
        groupSize,
        privacyThreshold: Math.max(privacyThreshold, wanted.privacyThreshold),
      }),
      n_points: local.nPoints,
      least_weight: weights.reduce((least, weight) => Math.min(least, weight), weights[0] ?? 0),
      greatest_weight: weights.reduce((most, weight) => Math.max(most, weight), 0),
    },
  };
}

/** What anybody may know, and nothing that follows from rows. */
function privateHandshake(
  { name, nFeatures, featureNames }: LocalData,
  { low, high }: PrivateRows,
  terms: Protection,
): PrivateHandshakeReply {
  return {
    kind: "handshake",
    arrays: { low: floats(low, nFeatures), high: floats(high, nFeatures) },
    scalars: {
      protocol: PROTOCOL,
      name,
      n_features: nFeatures,
      feature_names: featureNames ?? [],
      has_labels: false,
      label_column: "",
      ...protectionScalars(terms),
    },
  };
}

/** Of its counts one is that of the rows behind the least point; rows as points are counted all together. */
export const behindHandshake: Behind = ({ weights, nSamples }) =>
  weights === null ? nSamples || null : leastOf(weights);

/** @throws RunError if the server speaks another protocol than this client */
export function checkProtocol(request: Message): void {
  if (request.scalars.protocol !== PROTOCOL) throw otherProtocol(PROTOCOL, request.scalars.protocol);
}

/** What a client says of a server that speaks otherwise, or a server of a client. */
function otherProtocol(client: unknown, server: unknown): RunError {
  const said = (version: unknown) => (version === undefined ? "states none" : `speaks ${shown(version)}`);
  return new RunError(
    `it ${said(client)} of the versions of the protocol, the server ${said(server)}: ` +
      "install the same version of fedkmeans at both",
  );
}

/** @throws RunError if the client speaks another protocol, or the reply is malformed */
export function readHandshake(reply: Message): ClientDescription {
  if (reply.scalars.protocol !== PROTOCOL) throw otherProtocol(reply.scalars.protocol, PROTOCOL);
  const names = textsOf(reply, "feature_names");
  const nFeatures = countOf(reply, "n_features", 1);
  if (names.length > 0 && names.length !== nFeatures) {
    throw malformed(reply, 'scalar "feature_names"', `${nFeatures} names or none`, String(names.length));
  }
  const protection = readProtection(reply);
  return {
    name: textOf(reply, "name"),
    nFeatures,
    featureNames: names.length > 0 ? names : null,
    hasLabels: flagOf(reply, "has_labels"),
    labelColumn: textOf(reply, "label_column") || null,
    protection,
    ...(protection.mode === "dp" ? readBounds(reply, nFeatures) : readPoints(reply, protection)),
  };
}

type ToldOfPoints = Pick<
  ClientDescription,
  "nSamples" | "nPoints" | "leastWeight" | "greatestWeight" | "bounds"
>;

function readBounds(reply: Message, nFeatures: number): ToldOfPoints {
  const low = floatsOf(reply, "low", [nFeatures], LARGEST_VALUE);
  const high = floatsOf(reply, "high", [nFeatures], LARGEST_VALUE);
  const reversed = low.findIndex((value, f) => !(value < high[f]));
  if (reversed >= 0) {
    const expected = `a number above that of "low", ${low[reversed]}`;
    throw malformed(reply, 'array "high"', expected, String(high[reversed]));
  }
  return { nSamples: 0, nPoints: 0, leastWeight: 0, greatestWeight: 0, bounds: { low, high } };
}

/** What a client says of its points, which must go together. */
function readPoints(reply: Message, protection: Protection): ToldOfPoints {
  const nSamples = countOf(reply, "n_samples");
  const nPoints = countOf(reply, "n_points");
  const leastWeight = countOf(reply, "least_weight");
  const greatestWeight = countOf(reply, "greatest_weight");
  const least = nPoints === 0 ? 0 : protection.groupSize;
  if (leastWeight < least || greatestWeight < leastWeight) {
    const expected = `at least ${least} rows behind each point`;
    throw malformed(reply, 'scalar "least_weight"', expected, `${leastWeight} to ${greatestWeight}`);
  }
  if (nSamples < nPoints * leastWeight || nSamples > nPoints * greatestWeight) {
    const expected = `${nPoints} points of ${leastWeight} to ${greatestWeight} rows`;
    throw malformed(reply, 'scalar "n_samples"', expected, String(nSamples));
  }
  return { nSamples, nPoints, leastWeight, greatestWeight, bounds: null };
}

/**
 * Checks that a client is who it was asked as.
 *
 * @param client its name where the request was sent to
 * @throws RunError if it goes by another name
 */
export function checkName(reply: Message, { name }: ClientDescription, client: string): void {
  if (name !== client) throw malformed(reply, 'scalar "name"', shown(client), shown(name));
}
