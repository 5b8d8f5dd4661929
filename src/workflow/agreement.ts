import { RunError, theSetting } from "../errors.js";
import { plural } from "../printable.js";
import { type AgreedFeatures, agreeOnFeatures, placesOf } from "./features.js";
import type { ClientDescription, FeatureBounds } from "./handshake.js";
import { shown } from "./message.js";
import { describeProtection, hasGroups, type Protection } from "./protection.js";

/** What the federation agreed on. */
export interface Agreement extends AgreedFeatures {
  clients: ClientDescription[];
  /** 0 under `dp`, too. */
  nSamples: number;
  /** Points of all clients together; 0 under `dp`, too. */
  nPoints: number;
  /** Of the run's features; null but under `dp`. */
  bounds: FeatureBounds | null;
  /** What every client holds to: the least of each. */
  protection: Protection;
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
  if (protection.privately) {
    checkDeclared(k, protection.privately.declaredRows);
    const bounds = agreeOnBounds(clients, agreed);
    return { ...agreed, clients, nSamples: 0, nPoints: 0, bounds, protection };
  }
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
    bounds: null,
    protection,
  };
}

/** @throws RunError where more clusters are wanted than rows are declared */
export function checkDeclared(k: number, declaredRows: number): void {
  if (k <= declaredRows) return;
  throw new RunError(
    `cannot make ${k} clusters of ${declaredRows} rows (${theSetting("declaredRows")}): ` +
      `${theSetting("kGlobal")} must be at most the number of rows`,
  );
}

/**
 * The bounds of the run's features, in its order.
 *
 * @throws RunError naming the first feature that two clients have different bounds of
 */
function agreeOnBounds(
  clients: readonly ClientDescription[],
  { nFeatures, featureNames, asked }: AgreedFeatures,
): FeatureBounds {
  const [first, ...others] = clients.map(({ name, featureNames: own, bounds }) => {
    const places = asked === null ? null : placesOf(asked, own);
    const inOrder = (values: Float64Array) => places?.map((place) => values[place]) ?? values;
    return { name, low: inOrder(bounds!.low), high: inOrder(bounds!.high) };
  });
  for (const { name, low, high } of others) {
    for (let f = 0; f < nFeatures; f++) {
      if (low[f] === first.low[f] && high[f] === first.high[f]) continue;
      const feature = featureNames === null ? `feature ${f}` : shown(featureNames[f]);
      throw new RunError(
        `clients differ in the bounds of ${feature}: ${first.low[f]} to ${first.high[f]} at ${first.name}, ` +
          `${low[f]} to ${high[f]} at ${name}`,
      );
    }
  }
  return { low: Float64Array.from(first.low), high: Float64Array.from(first.high) };
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
  if (first.protection.privately) return first.protection;
  const least = (value: (protection: Protection) => number) =>
    clients.reduce((min, { protection }) => Math.min(min, value(protection)), Infinity);
  return {
    mode: first.protection.mode,
    groupSize: least(({ groupSize }) => groupSize),
    privacyThreshold: least(({ privacyThreshold }) => privacyThreshold),
  };
}

/** How many rows a federation has, in words: those that it declares, where no client tells how many it has. */
export function describeRows({ nSamples, protection }: Pick<Agreement, "nSamples" | "protection">): string {
  const { privately } = protection;
  return privately && nSamples === 0 ? `${privately.declaredRows} declared rows` : `${nSamples} rows`;
}
