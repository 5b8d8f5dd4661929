import { RunError, theSetting } from "../errors.js";
import { plural } from "../printable.js";
import { type Behind, leastOf } from "./behind.js";
import { type AgreedFeatures, agreeOnFeatures } from "./features.js";
import type { LocalData } from "./local-data.js";
import { countOf, flagOf, type Message, malformed, shown, textOf, textsOf } from "./message.js";
import {
  describeProtection,
  hasGroups,
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

/** Leaves the client: metadata, and how many groups of which sizes, which under groups follow from its values. */
export interface HandshakeReply extends Message {
  readonly kind: "handshake";
  readonly scalars: ProtectionScalars & {
    protocol: number;
    name: string;
    n_samples: number;
    n_features: number;
    /** Empty where the client has none. */
    feature_names: readonly string[];
    has_labels: boolean;
    /** Name of the column that its labels are from; empty where it has none, or one without a name. */
    label_column: string;
    /** Points that stand for its rows, and the least and the greatest number of rows behind one of them. */
    n_points: number;
    least_weight: number;
    greatest_weight: number;
  };
}

/** What a client says of itself at the handshake. */
export interface ClientDescription {
  name: string;
  nSamples: number;
  nFeatures: number;
  featureNames: readonly string[] | null;
  hasLabels: boolean;
  labelColumn: string | null;
  protection: Protection;
  nPoints: number;
  /** Least and greatest number of rows behind a point; 0 where there is none. */
  leastWeight: number;
  greatestWeight: number;
}

/** What the federation agreed on. */
export interface Agreement extends AgreedFeatures {
  clients: ClientDescription[];
  nSamples: number;
  /** Points of all clients together. */
  nPoints: number;
  /** What every client holds to: the least of each. */
  protection: Protection;
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
  if (wanted.mode === own.mode) return wanted;
  throw new RunError(`it holds to ${describeProtection(own)}, the run wants ${describeProtection(wanted)}`);
}

/** @throws as `checkWanted` */
export function answerHandshake(local: LocalData, request: Message): HandshakeReply {
  const wanted = checkWanted(local.protection, request);
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
  return {
    name: textOf(reply, "name"),
    nSamples: countOf(reply, "n_samples"),
    nFeatures,
    featureNames: names.length > 0 ? names : null,
    hasLabels: flagOf(reply, "has_labels"),
    labelColumn: textOf(reply, "label_column") || null,
    ...readPoints(reply),
  };
}

/** What a client says of its points, which must go together. */
function readPoints(
  reply: Message,
): Pick<ClientDescription, "protection" | "nPoints" | "leastWeight" | "greatestWeight"> {
  const protection = readProtection(reply);
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
  return { protection, nPoints, leastWeight, greatestWeight };
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

/**
 * Checks that the clients can be clustered together.
 *
 * @param clients at least one
 * @param k number of clusters wanted
 * @param features that the run is about; null: all that the clients have
 * @throws RunError naming the clients and what differs, or if there are fewer rows than clusters
 */
export function agree(
  clients: ClientDescription[],
  k: number,
  features: readonly string[] | null = null,
): Agreement {
  const seen = new Set<string>();
  for (const { name } of clients) {
    if (seen.has(name)) throw new RunError(`two clients are named ${shown(name)}: give each its own name`);
    seen.add(name);
  }
  const agreed = agreeOnFeatures(clients, features);
  const protection = oneProtection(clients);
  const total = (count: (client: ClientDescription) => number) =>
    clients.reduce((sum, client) => sum + count(client), 0);
  const nSamples = total((client) => client.nSamples);
  const nPoints = total((client) => client.nPoints);
  if (k > nPoints) {
    const ofRows = `${nSamples} rows: ${theSetting("kGlobal")} must be at most the number of rows`;
    const ofGroups =
      `${plural(nPoints, "group")} (${nSamples} rows, ${describeProtection(protection)}): ` +
      `${theSetting("kGlobal")} must be at most the number of groups`;
    throw new RunError(`cannot make ${k} clusters of ${hasGroups(protection) ? ofGroups : ofRows}`);
  }
  return {
    ...agreed,
    clients,
    nSamples,
    nPoints,
    protection,
  };
}

/** @throws RunError where clients hold to different modes of protection: a run has one */
function oneProtection(clients: readonly ClientDescription[]): Protection {
  const [first] = clients;
  const other = clients.find(({ protection }) => protection.mode !== first.protection.mode);
  if (other !== undefined) {
    throw new RunError(
      `clients differ in their protection: ${describeProtection(first.protection)} at ${first.name}; ` +
        `${describeProtection(other.protection)} at ${other.name}`,
    );
  }
  const least = (value: (protection: Protection) => number) =>
    clients.reduce((min, { protection }) => Math.min(min, value(protection)), Infinity);
  return {
    mode: first.protection.mode,
    groupSize: least(({ groupSize }) => groupSize),
    privacyThreshold: least(({ privacyThreshold }) => privacyThreshold),
  };
}
