import { tableOptions } from "../data/formats/table.js";
import { keyOfSource } from "../data/partitions/memory-data.js";
import { findPartitions } from "../data/partitions/partition-list.js";
import { createPartitionLoader } from "../data/partitions/partition-loader.js";
import { theSetting, UsageError } from "../errors.js";
import { policyOf } from "../experiment/privacy-settings.js";
import type { Configuration } from "../experiment/settings.js";
import { type BothClients, bothClients } from "../federation/client/both-clients.js";
import type { Client } from "../federation/client/client.js";
import { clientNotices, describeNotice } from "../workflow/notice.js";
import { memoized } from "./memoized.js";
/** Clients in memory, by where their rows come from: a study asks for the same ones again and again. */
export class ClientCache {
  readonly #known = new Map<string, Promise<CachedClients>>();

  get(configuration: Configuration): Promise<CachedClients> {
    const { data, clientColumn, privacy } = configuration;
    if (privacy === "dp") {
      throw new UsageError(
        `${theSetting("privacy")} must be groups or threshold in a study, found dp, whose answers are spent once: make single runs`,
      );
    }
    const key = JSON.stringify([
      keyOfSource(data),
      clientColumn,
      policyOf(configuration),
      tableOptions(configuration),
    ]);
    let loading = this.#known.get(key);
    if (loading === undefined) {
      loading = load(configuration);
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

/** A client, and the same one that remembers its answers. */
export interface CachedClient extends BothClients {
  memoized: Client;
}

async function load(configuration: Configuration): Promise<CachedClients> {
  const { refs, notices } = await findPartitions(configuration.data, configuration);
  const loader = createPartitionLoader(refs);
  const loaded: CachedClient[] = [];
  const said = new Map<string, readonly string[]>();
  for (const ref of refs) {
    const partition = await loader(ref);
    const both = bothClients(ref.client, partition, policyOf(configuration));
    said.set(ref.client, both.notices);
    loaded.push({ ...both, memoized: memoized(both.points) });
  }
  return { clients: loaded, notices: [...notices, ...clientNotices(said).map(describeNotice)] };
}
