import { tableOptions } from "../data/formats/table.js";
import { keyOfSource } from "../data/partitions/memory-data.js";
import type { Partition } from "../data/partitions/partition.js";
import { createPartitionLoader } from "../data/partitions/partition-loader.js";
import { findBounded } from "../experiment/bounded-partitions.js";
import { boundsOf } from "../experiment/bounds-file.js";
import { policyOf } from "../experiment/privacy-settings.js";
import type { Configuration } from "../experiment/settings.js";
import { bothClients } from "../federation/client/both-clients.js";
import { MemoryBudget } from "../federation/client/budget/memory-budget.js";
import type { Client, LocalClient } from "../federation/client/client.js";
import { PrivateClient } from "../federation/client/private-client.js";
import { privateClients } from "../federation/client/private-clients.js";
import type { Bounds } from "../privacy/bounds.js";
import { clientNotices, describeNotice } from "../workflow/notice.js";
import { memoized } from "./memoized.js";
/** Clients in memory, by where their rows come from: a study asks for the same ones again and again. */
export class ClientCache {
  readonly #known = new Map<string, Promise<CachedClients>>();

  get(configuration: Configuration): Promise<CachedClients> {
    const { data, clientColumn } = configuration;
    const bounds = boundsOf(configuration);
    const key = JSON.stringify([
      keyOfSource(data),
      clientColumn,
      policyOf(configuration, bounds),
      bounds && [...bounds.low, ...bounds.high],
      tableOptions(configuration),
    ]);
    let loading = this.#known.get(key);
    if (loading === undefined) {
      loading = bounds === null ? load(configuration) : loadPrivately(configuration, bounds);
      this.#known.set(key, loading);
    }
    return loading;
  }
}

/** Clients, and what the user who names their data should know of them, one line each. */
interface CachedClients {
  readonly clients: CachedClient[];
  readonly notices: readonly string[];
}

/** A client, as a server of many trials knows it. */
export interface CachedClient {
  /** Answers from its rows. */
  readonly rows: LocalClient;
  /**
   * Answers a trial from what stands for its rows: one that remembers its answers; under differential privacy one whose
   * budget and noise are the trial's own.
   */
  ofTrial(): Client;
}

/** What differential privacy is worth in a study. */
const UNPROTECTED =
  "a study: all rows are on this machine, and noise protects none of them; each run draws its own and has a budget of its own, so that figures differ when it is made again";

async function load(configuration: Configuration): Promise<CachedClients> {
  const policy = policyOf(configuration);
  return loadEach(configuration, null, (name, partition) => {
    const { points, rows, notices } = bothClients(name, partition, policy);
    const remembers = memoized(points);
    return { notices, client: { rows, ofTrial: () => remembers } };
  });
}

async function loadPrivately(configuration: Configuration, bounds: Bounds): Promise<CachedClients> {
  const policy = policyOf(configuration, bounds);
  const limits = policy.privately!;
  const { clients, notices } = await loadEach(configuration, bounds, (name, partition) => {
    const { rows, notices } = privateClients(name, partition, policy, limits);
    const ofTrial = () =>
      new PrivateClient(name, partition, policy, { budget: new MemoryBudget(limits), run: "" });
    return { notices, client: { rows, ofTrial } };
  });
  return { clients, notices: [...notices, UNPROTECTED] };
}

async function loadEach(
  configuration: Configuration,
  bounds: Bounds | null,
  make: (name: string, partition: Partition) => { notices: readonly string[]; client: CachedClient },
): Promise<CachedClients> {
  const { refs, notices } = await findBounded(configuration, bounds);
  const loader = createPartitionLoader(refs);
  const clients: CachedClient[] = [];
  const said = new Map<string, readonly string[]>();
  for (const ref of refs) {
    const made = make(ref.client, await loader(ref));
    said.set(ref.client, made.notices);
    clients.push(made.client);
  }
  return { clients, notices: [...notices, ...clientNotices(said).map(describeNotice)] };
}
