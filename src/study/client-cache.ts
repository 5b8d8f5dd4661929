import { tableOptions } from "../data/formats/table.js";
import { keyOfSource } from "../data/partitions/memory-data.js";
import { findPartitions } from "../data/partitions/partition-list.js";
import { createPartitionLoader } from "../data/partitions/partition-loader.js";
import type { Configuration } from "../experiment/settings.js";
import { type Client, LocalClient } from "../federation/client/client.js";
import { clientNotices, describeNotice } from "../workflow/notice.js";
import { memoized } from "./memoized.js";
/** Clients in memory, by where their rows come from: a study asks for the same ones again and again. */
export class ClientCache {
  readonly #known = new Map<string, Promise<CachedClients>>();

  get(configuration: Configuration): Promise<CachedClients> {
    const { data, clientColumn, privacyThreshold } = configuration;
    const key = JSON.stringify([
      keyOfSource(data),
      clientColumn,
      privacyThreshold,
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
export interface CachedClient {
  client: LocalClient;
  memoized: Client;
}

async function load(configuration: Configuration): Promise<CachedClients> {
  const { refs, notices } = await findPartitions(configuration.data, configuration);
  const loader = createPartitionLoader(refs);
  const loaded: CachedClient[] = [];
  for (const ref of refs) {
    const client = new LocalClient(ref.client, await loader(ref), configuration.privacyThreshold);
    loaded.push({ client, memoized: memoized(client) });
  }
  const said = new Map(loaded.map(({ client }) => [client.name, client.notices]));
  return { clients: loaded, notices: [...notices, ...clientNotices(said).map(describeNotice)] };
}
