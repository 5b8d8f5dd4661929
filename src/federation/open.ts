import { bytesOfPartitions } from "../data/partitions/partition-bytes.js";
import type { PartitionRef } from "../data/partitions/partition-list.js";
import type { Policy } from "../privacy/policy.js";
import { threadCount } from "../threads/thread-count.js";
import { inlineSimulation } from "./carriers/inline-simulation.js";
import { threadsFederation } from "./carriers/threads/federation.js";
import { type ClientSource, openClients } from "./client/client-source.js";
import type { Federation } from "./federation.js";

/** What carries messages between the server and its clients. */
export type Carrier = "threads" | "inline";

/** The settings that say where clients run, and by which the work of a run is guessed. */
export interface OpenOptions {
  readonly carrier: "auto" | Carrier;
  /** null: one a processor. */
  readonly threads: number | null;
  /** What the clients of this simulation give. */
  readonly policy: Policy;
  readonly kGlobal: number;
  readonly kLocal: number | null;
  readonly restarts: number;
  readonly localIterations: number;
  readonly recordClientData: boolean;
  readonly maxSilhouetteSamples: number;
}

/** How each carrier opens a federation of clients on this machine. */
const CARRIERS: Readonly<
  Record<Carrier, (sources: readonly ClientSource[], threads: number) => Promise<Federation>>
> = {
  threads: async (sources, threads) => threadsFederation(sources, { threads }),
  inline: async (sources) => inlineSimulation(await openClients(sources)),
};

interface OpenFederation {
  readonly federation: Federation;
  readonly carrier: Carrier;
  /** Threads that the server may use as well. */
  readonly threads: number;
}

/**
 * Opens a federation of clients on this machine, on the carrier asked for, or on the one that takes less time.
 *
 * @param refs where the clients' rows are
 */
export async function openFederation(
  refs: readonly PartitionRef[],
  options: OpenOptions,
): Promise<OpenFederation> {
  const carrier = carrierOf(options, refs);
  const { policy } = options;
  const sources = refs.map((ref): ClientSource => ({ name: ref.client, policy, data: ref }));
  const threads = carrier === "inline" ? 1 : threadCount(options.threads);
  return { federation: await CARRIERS[carrier](sources, threads), carrier, threads };
}

/** Bytes of files, and products of numbers in a step that a client or the server takes, that are done in no time. */
const LITTLE_DATA = 2 ** 20;
const LITTLE_WORK = 2 ** 27;

/**
 * Inline where a run takes less time than threads take to start: there the calling thread hears nothing while a client
 * computes.
 */
function carrierOf(options: OpenOptions, refs: readonly PartitionRef[]): Carrier {
  const { carrier, threads } = options;
  if (carrier !== "auto") return carrier;
  if (threads !== null) return "threads";
  const bytes = bytesOfPartitions(refs, LITTLE_DATA);
  return bytes > LITTLE_DATA || longestStep(options, bytes) > LITTLE_WORK ? "threads" : "inline";
}

/** Products in the longest step of a run, roughly, taking eight bytes of a file for a number. */
function longestStep(options: OpenOptions, bytes: number): number {
  const { kGlobal, kLocal, restarts, localIterations, recordClientData, maxSilhouetteSamples } = options;
  const values = bytes / 8;
  const clustering = values * Math.max(kGlobal, kLocal ?? 0) * (restarts + localIterations);
  const silhouette = recordClientData ? Math.min(values, maxSilhouetteSamples) * values : 0;
  return Math.max(clustering, silhouette);
}
