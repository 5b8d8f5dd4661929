import { RunError } from "../errors.js";
import { type Message, malformed, shown, textsOf } from "./message.js";

/*
 * Features go by their names, where they have some: clients may have the same ones in other orders, and a run may be
 * about some of them only. Where a client's own columns are others than the run's, each request says which it is about,
 * so that a client that remembers nothing answers all the same.
 */

/** What a client says of its features. */
export interface Columns {
  readonly name: string;
  readonly nFeatures: number;
  /** null where they have none. */
  readonly featureNames: readonly string[] | null;
}

/** What a run is about. */
export interface AgreedFeatures {
  readonly nFeatures: number;
  /** In the order of every array of the run; null where no client has names. */
  readonly featureNames: readonly string[] | null;
  /** What requests say of them; null where every client has these, in this order, and no others. */
  readonly asked: readonly string[] | null;
}

/**
 * Agrees on features: those wanted, else all, which then are the same at every client, in the order that most clients
 * have them in; of equally many, in that of the first.
 *
 * @param clients at least one
 * @param wanted null: all
 * @throws RunError naming clients and features, where a client lacks one or has one that others have not
 */
export function agreeOnFeatures(
  clients: readonly Columns[],
  wanted: readonly string[] | null = null,
): AgreedFeatures {
  const named = clients.filter(({ featureNames }) => featureNames !== null);
  if (wanted === null && named.length === 0)
    return { ...sameNumber(clients), featureNames: null, asked: null };
  const orders = groupBy(named, ({ featureNames }) => JSON.stringify(featureNames));
  const isOne = orders.size === 1 && (wanted === null || orders.has(JSON.stringify(wanted)));
  if (isOne) return { ...sameNumber(clients), featureNames: wanted ?? named[0].featureNames, asked: null };
  const featureNames = wanted ?? commonOrder(orders);
  for (const { name, featureNames: own } of clients) checkNames(name, own, featureNames);
  const lacking = differences(clients, featureNames, wanted === null);
  if (lacking !== "") throw new RunError(`clients differ in their features: ${lacking}`);
  return { nFeatures: featureNames.length, featureNames, asked: featureNames };
}

function sameNumber(clients: readonly Columns[]): { nFeatures: number } {
  const counts = groupBy(clients, ({ nFeatures }) => String(nFeatures));
  if (counts.size === 1) return { nFeatures: clients[0].nFeatures };
  const listed = [...counts].map(([n, names]) => `${n} feature${n === "1" ? "" : "s"} at ${list(names)}`);
  throw new RunError(`clients differ in the number of features: ${listed.join("; ")}`);
}

function commonOrder(orders: ReadonlyMap<string, readonly string[]>): readonly string[] {
  let most: [string, readonly string[]] = ["[]", []];
  for (const order of orders) if (order[1].length > most[1].length) most = order;
  return JSON.parse(most[0]);
}

/** Columns can go by names only if each has one of its own. */
function checkNames(client: string, own: readonly string[] | null, features: readonly string[]): void {
  if (own === null) {
    throw new RunError(
      `client ${client} has no names of features to go by, where others have them: ${list(features.map(shown))}`,
    );
  }
  const twice = own.find((name, i) => own.indexOf(name) < i);
  if (twice === undefined) return;
  throw new RunError(
    `client ${client} has two features named ${shown(twice)}, which cannot go by their name`,
  );
}

/** Features that not every client has, with those who have them and those who have not; empty where there are none. */
function differences(clients: readonly Columns[], features: readonly string[], isAll: boolean): string {
  const places = new Map(clients.map(({ name, featureNames }) => [name, new Set(featureNames)]));
  const all = isAll ? new Set(clients.flatMap(({ featureNames }) => featureNames ?? [])) : features;
  const lines: string[] = [];
  for (const feature of all) {
    const without = clients.filter(({ name }) => !places.get(name)!.has(feature)).map(({ name }) => name);
    if (without.length === 0) continue;
    const having = clients.filter(({ name }) => places.get(name)!.has(feature)).map(({ name }) => name);
    const where = having.length === 0 ? "nowhere" : `at ${list(having)}, not at ${list(without)}`;
    lines.push(`${shown(feature)} is ${where}`);
  }
  const rest = lines.length > SHOWN ? `; and ${lines.length - SHOWN} more` : "";
  return `${lines.slice(0, SHOWN).join("; ")}${rest}`;
}

/** Clients, and features, that a line names one by one. */
const SHOWN = 5;

function list(names: readonly string[]): string {
  const rest = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `${names.slice(0, SHOWN).join(", ")}${rest}`;
}

function groupBy(clients: readonly Columns[], key: (client: Columns) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const client of clients) {
    const names = groups.get(key(client));
    if (names === undefined) groups.set(key(client), [client.name]);
    else names.push(client.name);
  }
  return groups;
}

/** A request about some features. */
export function aboutFeatures(request: Message, asked: readonly string[] | null): Message {
  return asked === null ? request : { ...request, scalars: { ...request.scalars, feature_names: asked } };
}

/**
 * The features a request is about; null where it is about all of a client's, in the client's own order.
 *
 * @throws RunError if it names one twice, or none
 */
export function featuresAsked(request: Message): readonly string[] | null {
  if (!("feature_names" in request.scalars)) return null;
  const names = textsOf(request, "feature_names");
  if (names.length > 0 && new Set(names).size === names.length) return names;
  throw malformed(request, 'scalar "feature_names"', "names that differ", list(names.map(shown)) || "none");
}

/**
 * Where among a client's columns the features asked for are.
 *
 * @param own null where the client has no names
 * @throws RunError naming a feature that the client does not have, or does not have once
 */
export function placesOf(asked: readonly string[], own: readonly string[] | null): number[] {
  if (own === null) {
    throw new RunError(`its features have no names, the run asks for ${list(asked.map(shown))}`);
  }
  return asked.map((name) => {
    const place = own.indexOf(name);
    if (place >= 0 && own.lastIndexOf(name) === place) return place;
    if (place >= 0)
      throw new RunError(`it has two features named ${shown(name)}, one of which the run asks for`);
    throw new RunError(
      `it has no feature ${shown(name)}, which the run asks for; it has ${list(own.map(shown))}`,
    );
  });
}
