import type { Partition } from "../../data/partitions/partition.js";
import type { PartitionRef } from "../../data/partitions/partition-list.js";
import { createPartitionLoader } from "../../data/partitions/partition-loader.js";
import { messageOf, RunError } from "../../errors.js";
import type { Policy } from "../../privacy/policy.js";
import type { Message } from "../../workflow/message.js";
import type { ClientRecord } from "../federation.js";
import { RecordingClient, type SimulatedClient } from "./recording-client.js";
import { UNREADABLE } from "./refusal.js";

/** Where a simulated client's rows are; plain data, so that a thread can be told. */
export interface ClientSource {
  /** Unique in the federation. */
  readonly name: string;
  /** What the client's owner lets it give. */
  readonly policy: Policy;
  /** Rows in a file, or in memory. */
  readonly data: PartitionRef | Partition;
}

/**
 * Makes clients of sources, loading their rows. A client whose rows cannot be read answers every request
 * with that it cannot, and tells its owner why.
 */
export async function openClients(sources: readonly ClientSource[]): Promise<SimulatedClient[]> {
  const load = createPartitionLoader(sources.flatMap(({ data }) => ("rows" in data ? [] : [data])));
  const clients: SimulatedClient[] = [];
  for (const { name, policy, data } of sources) {
    try {
      clients.push(
        "rows" in data
          ? new RecordingClient(name, data, policy)
          : clientOfFile(await load(data), { name, policy, data }),
      );
    } catch (error) {
      clients.push(unreadableClient(name, messageOf(error)));
    }
  }
  return clients;
}

/**
 * A client that holds its rows once, standardized where they lie; another normalization than the first one's has it
 * load them again.
 */
function clientOfFile(
  partition: Partition,
  { name, policy, data }: ClientSource & { readonly data: PartitionRef },
): SimulatedClient {
  let local = new RecordingClient(name, partition, policy, true);
  let kept: ClientRecord | null = null;
  let unreadable: string | null = null;
  const isHeld = (has: () => boolean) => {
    try {
      return has();
    } catch {
      // The client itself refuses what cannot be read, and records that it did.
      return true;
    }
  };
  const anew = async (request: Message) => {
    local.flush();
    try {
      // By a loader of its own, which does not keep the table of a file in memory.
      local = new RecordingClient(name, await createPartitionLoader()(data), policy, true);
    } catch (error) {
      unreadable = messageOf(error);
      local.logUnreadable(unreadable);
      const refusal = new RunError(UNREADABLE);
      local.enterRefusal(request, refusal);
      throw refusal;
    }
    if (kept !== null) local.record(kept);
    return local;
  };
  return {
    name,
    notices: local.notices,
    unreadable: () => unreadable,
    answer(request) {
      unreadable = null;
      if (isHeld(() => local.has(request))) return local.answer(request);
      return anew(request).then((client) => client.answer(request));
    },
    answerOfRows(request) {
      unreadable = null;
      if (isHeld(() => local.hasRows(request))) return local.answerOfRows(request);
      return anew(request).then((client) => client.answerOfRows(request));
    },
    record(record) {
      kept = record;
      local.record(record);
    },
    flush: () => local.flush(),
    written: () => local.written(),
  };
}

function unreadableClient(name: string, reason: string): SimulatedClient {
  const answer = (): never => {
    throw new RunError(UNREADABLE);
  };
  return {
    name,
    unreadable: () => reason,
    answer,
    answerOfRows: answer,
    record: () => {},
    flush: () => {},
    written: () => new Map(),
  };
}
