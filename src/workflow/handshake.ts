import { RunError, theSetting } from "../errors.js";
import { plural } from "../printable.js";
import { type Behind, leastOf } from "./behind.js";
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

/** The server asks who is there, and says what protection the run is to have at least. */
export interface HandshakeRequest extends Message {
  readonly kind: "handshake";
  readonly scalars: ProtectionScalars;
}

/** Leaves the client: metadata only, nothing computed from values. */
export interface HandshakeReply extends Message {
  readonly kind: "handshake";
  readonly scalars: ProtectionScalars & {
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
export interface Agreement {
  clients: ClientDescription[];
  nFeatures: number;
  featureNames: readonly string[] | null;
  nSamples: number;
  /** Points of all clients together. */
  nPoints: number;
  /** What every client holds to: the least of each. */
  protection: Protection;
}

/** @param wanted what clients are to hold to at least; each may be stricter in the same mode */
export function handshakeRequest(wanted: Protection): HandshakeRequest {
  return { kind: "handshake", arrays: {}, scalars: { ...protectionScalars(wanted) } };
}

/** @throws RunError if the server wants another mode of protection than the client's own, which is its owner's choice */
export function answerHandshake(local: LocalData, request: Message): HandshakeReply {
  const wanted = readProtection(request);
  const { mode, groupSize, privacyThreshold } = local.protection;
  if (wanted.mode !== mode) {
    throw new RunError(
      `it holds to ${describeProtection(local.protection)}, the run wants ${describeProtection(wanted)}`,
    );
  }
  const weights = local.weights ?? Float64Array.of(Math.min(1, local.nPoints));
  return {
    kind: "handshake",
    arrays: {},
    scalars: {
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

/** @throws RunError if the reply is malformed */
export function readHandshake(reply: Message): ClientDescription {
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
 * @throws RunError naming the clients and what differs, or if there are fewer rows than clusters
 */
export function agree(clients: ClientDescription[], k: number): Agreement {
  const seen = new Set<string>();
  for (const { name } of clients) {
    if (seen.has(name)) throw new RunError(`two clients are named ${shown(name)}: give each its own name`);
    seen.add(name);
  }
  const counts = groupBy(clients, (client) => String(client.nFeatures));
  if (counts.size > 1) {
    throw new RunError(
      `clients differ in the number of features: ${describe(counts, (n) => `${n} feature${n === "1" ? "" : "s"}`)}`,
    );
  }
  const named = clients.filter((client) => client.featureNames !== null);
  const orders = groupBy(named, (client) => JSON.stringify(client.featureNames));
  if (orders.size > 1) {
    throw new RunError(`clients differ in their features: ${differences(orders)}`);
  }
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
    clients,
    nFeatures: clients[0].nFeatures,
    featureNames: named.length > 0 ? named[0].featureNames : null,
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

/** Features that a line names one by one; of more it says where they differ first. */
const LISTED_FEATURES = 8;

/** @param orders the clients by their features' names, in JSON; more than one */
function differences(orders: Map<string, string[]>): string {
  const lists = [...orders.keys()].map((key) => JSON.parse(key) as string[]);
  const [first] = lists;
  if (first.length > LISTED_FEATURES) {
    const place = first.findIndex((name, i) => lists.some((list) => list[i] !== name));
    const atPlace = (key: string) => shown((JSON.parse(key) as string[])[place]);
    return `feature ${place} of ${first.length} is ${describe(orders, atPlace)}${orderAdvice(lists, false)}`;
  }
  return `${describe(orders, (names) => names)}${orderAdvice(lists, true)}`;
}

/** What to do about the same features in different orders. */
function orderAdvice(lists: readonly string[][], isListed: boolean): string {
  const sorted = lists.map((list) => JSON.stringify([...list].sort()));
  if (new Set(sorted).size > 1) return "";
  const canList = isListed && !lists[0].some((name) => name.includes(","));
  return `; put them in one order with ${theSetting("columns")}${canList ? ` ${lists[0].join(",")}` : ""}`;
}

function groupBy(
  clients: ClientDescription[],
  key: (client: ClientDescription) => string,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const client of clients) {
    const names = groups.get(key(client));
    if (names === undefined) groups.set(key(client), [client.name]);
    else names.push(client.name);
  }
  return groups;
}

function describe(groups: Map<string, string[]>, label: (key: string) => string): string {
  const shown = 5;
  return [...groups]
    .map(([key, names]) => {
      const rest = names.length > shown ? ` and ${names.length - shown} more` : "";
      return `${label(key)} at ${names.slice(0, shown).join(", ")}${rest}`;
    })
    .join("; ");
}
