import type { Partition } from "#src/data/partitions/partition.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import type { Client, LocalClient } from "#src/federation/client/client.js";
import { RecordingClient, type SimulatedClient } from "#src/federation/client/recording-client.js";
import { randomStream } from "#src/numerics/random.js";
import { type Policy, thresholdPolicy } from "#src/privacy/policy.js";
import type { Message } from "#src/workflow/message.js";
import { type Misdeed, type UnrulySource, unruly } from "./unruly-client.js";

export interface ClientOptions {
  readonly threshold?: number;
  readonly featureNames?: readonly string[];
  /** Each row's class by name. */
  readonly labels?: readonly string[];
}

/** A client over rows in memory; its privacy threshold is 1 unless told. */
export function localClient(
  name: string,
  rows: readonly (readonly number[])[],
  { threshold = 1, featureNames, labels }: ClientOptions = {},
): LocalClient {
  const classes = [...new Set(labels ?? [])];
  return clientOver(
    name,
    {
      rows: { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns: rows[0].length },
      featureNames: featureNames ?? null,
      labels: labels === undefined ? null : Int32Array.from(labels, (label) => classes.indexOf(label)),
      classes,
    },
    threshold,
  );
}

/** A client over a partition, that sends no mean or sum of fewer rows than a threshold. */
export function clientOver(name: string, partition: Partition, threshold: number): LocalClient {
  return bothClients(name, partition, thresholdPolicy(threshold)).points;
}

/** The client itself, but every reply it sends is kept. */
export function overheard(client: LocalClient): { client: Client; replies: Message[] } {
  const replies: Message[] = [];
  const answer = (request: Message) => {
    const reply = client.answer(request);
    replies.push(reply);
    return reply;
  };
  return { client: { name: client.name, answer }, replies };
}

/** Cuts rows into clients named "0", "1", ... of the given sizes. */
export function cut<T>(rows: readonly T[], sizes: readonly number[]): T[][] {
  let start = 0;
  return sizes.map((size) => rows.slice(start, (start += size)));
}

/** Clients named a, b, c, ... of 30 rows, in three features unless told, all drawn alike. */
export function sourcesOf(misdeeds: readonly (Misdeed | null)[], nFeatures = 3): UnrulySource[] {
  return misdeeds.map((misdeed, index) => {
    const name = String.fromCharCode(97 + index);
    const random = randomStream(7, name);
    const data = Float64Array.from({ length: 30 * nFeatures }, (_, i) => random.normal() + (i % 9) * 0.4);
    const partition = {
      rows: { data, nRows: 30, nColumns: nFeatures },
      featureNames: null,
      labels: null,
      classes: [],
    };
    return { name, policy: thresholdPolicy(2), data: partition, misdeed };
  });
}

/** The same clients, to be run on the caller's thread. */
export function clientsOf(sources: readonly UnrulySource[]): SimulatedClient[] {
  return sources.map(({ name, data, misdeed }) => {
    if (!("rows" in data)) throw new Error("rows in memory expected");
    return unruly(new RecordingClient(name, data, thresholdPolicy(2)), misdeed);
  });
}

/** Clients a, b and c of `sourcesOf` with rows of two classes; their own threshold is 0 unless told. */
export function labelledClients(nFeatures = 3, policy: Policy = thresholdPolicy(0)): LocalClient[] {
  return sourcesOf([null, null, null], nFeatures).map(({ name, data }) => {
    if (!("rows" in data)) throw new Error("rows in memory expected");
    const labels = Int32Array.from({ length: data.rows.nRows }, (_, i) => i % 2);
    return bothClients(name, { ...data, labels, classes: ["x", "y"] }, policy).points;
  });
}
