import { basename } from "node:path";
import { hashMemory } from "../data/partitions/memory-data.js";
import type { PartitionRef } from "../data/partitions/partition-list.js";
import type { LoggedSummary } from "../directory/read-summary.js";
import type { PartitionRecord } from "../directory/summary.js";
import { RunError } from "../errors.js";
import type { Simulation } from "../federation/federation.js";
import type { ClientDescription } from "../workflow/handshake.js";

const IN_MEMORY = "rows in memory";

/** A client's file as its bytes identify it. */
export type Fingerprint = Readonly<Omit<PartitionRecord, "rows" | "columns">>;

/**
 * Has the clients identify their files by the bytes, so that a run that is resumed is one of the same data.
 *
 * @returns one a client, in the order of `refs`
 * @throws RunError if a file cannot be read; the signal's reason, once it is aborted
 */
export async function fingerprintsOf(
  { identify }: Simulation,
  refs: readonly PartitionRef[],
  signal: AbortSignal,
): Promise<Fingerprint[]> {
  const paths = refs.flatMap((ref) => ("partition" in ref ? [] : [ref.path]));
  const ofFiles = paths.length === 0 ? [] : await identify(paths, signal);
  const fingerprints: Fingerprint[] = [];
  let files = 0;
  for (const ref of refs) {
    if ("partition" in ref) {
      fingerprints.push({ client: ref.client, file: null, ...(await hashMemory(ref, signal)) });
    } else {
      fingerprints.push({ client: ref.client, file: basename(ref.path), ...ofFiles[files++] });
    }
  }
  return fingerprints;
}

/** @param clients in the order of `fingerprints` */
export function partitionRecords(
  fingerprints: readonly Fingerprint[],
  clients: readonly ClientDescription[],
): PartitionRecord[] {
  return fingerprints.map(({ client, file, size, sha256 }, i) => ({
    client,
    file,
    rows: clients[i].nSamples,
    columns: clients[i].nFeatures,
    size,
    sha256,
  }));
}

/** What is to be done with a run, which takes the data that it began with. */
export type Again = "resumed" | "run again";

/**
 * Checks that a run goes on with the data that it began with, wherever they now lie.
 *
 * @param directory what to call the run in errors
 * @throws RunError naming the client and what differs
 */
export function checkSamePartitions(
  directory: string,
  { clients, partitions }: Pick<LoggedSummary, "clients" | "partitions">,
  found: readonly Fingerprint[],
  again: Again = "resumed",
): void {
  checkSameClients(
    directory,
    clients,
    found.map(({ client }) => client),
    again,
  );
  const recordOf = new Map(partitions?.map((record) => [record.client, record]));
  for (const { client, file, size, sha256 } of found) {
    const record = recordOf.get(client);
    if (record === undefined || record.sha256 === sha256) continue;
    throw otherData(
      directory,
      `client "${client}" began with ${record.file ?? IN_MEMORY} of ${record.rows} rows, ${record.size} bytes, SHA-256 ` +
        `${record.sha256}, found ${file ?? IN_MEMORY} of ${size} bytes, SHA-256 ${sha256}`,
      again,
    );
  }
}

/**
 * The same of what clients say of themselves, which is all there is to go by where the directory holds no SHA-256.
 *
 * @throws as `checkSamePartitions`
 */
export function checkSameShapes(
  directory: string,
  recorded: LoggedSummary["clients"],
  found: readonly ClientDescription[],
): void {
  checkSameClients(
    directory,
    recorded,
    found.map(({ name }) => name),
  );
  const recordOf = new Map(recorded.map((record) => [record.name, record]));
  for (const { name, nSamples, nFeatures } of found) {
    const { n_samples, n_features } = recordOf.get(name)!;
    // Under differential privacy no client elsewhere tells how many rows it has.
    const isTold = n_samples !== null;
    if ((nSamples === n_samples || !isTold) && nFeatures === n_features) continue;
    const began = isTold ? `${n_samples} rows of ${n_features}` : n_features;
    const now = isTold ? `${nSamples} of ${nFeatures}` : nFeatures;
    throw otherData(directory, `client "${name}" began with ${began} features, found ${now}`);
  }
}

function checkSameClients(
  directory: string,
  recorded: LoggedSummary["clients"],
  found: readonly string[],
  again: Again = "resumed",
): void {
  const before = new Set(recorded.map(({ name }) => name));
  const now = new Set(found);
  const gone = [...before].filter((name) => !now.has(name));
  const added = found.filter((name) => !before.has(name));
  if (gone.length === 0 && added.length === 0) return;
  const differences = [
    ...(gone.length > 0 ? [`without ${listed(gone)}`] : []),
    ...(added.length > 0 ? [`with ${listed(added)}, which it did not have`] : []),
  ];
  throw otherData(
    directory,
    `it began with ${recorded.length} clients, found ${found.length}: ${differences.join(" and ")}`,
    again,
  );
}

function otherData(directory: string, difference: string, again: Again = "resumed"): RunError {
  return new RunError(
    `${directory} can only be ${again} with the data it began with: ${difference}; start a new run for other data`,
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`);
  return names.length > shown.length
    ? `${shown.join(", ")} and ${names.length - shown.length} more`
    : shown.join(" and ");
}
