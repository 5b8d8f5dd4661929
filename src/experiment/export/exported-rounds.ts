import { dirname } from "node:path";
import { readJsonObject } from "../../directory/json-object.js";
import type { Layout } from "../../directory/layout.js";
import { type LoggedRound, readRounds } from "../../directory/read-experiment.js";
import { readLocals } from "../../directory/read-local.js";
import type { LoggedSummary } from "../../directory/read-summary.js";
import type { RecordedFiles } from "../../directory/recorded-files.js";
import { RunHash } from "../../directory/run-hash.js";
import { RunError } from "../../errors.js";
import { openFolder } from "../../files/atomic-write.js";
import { type Allowed, allowedOf } from "./allowed-fields.js";
import { checkRowsBehind } from "./exportable.js";

const GLOBAL: Allowed = {
  round_number: true,
  num_clusters: true,
  convergence_change: true,
  participating_clients: true,
  local_means_recorded: true,
  local_clusters: true,
  inertia_before: true,
  num_withheld: { "*": true },
  dropped_clients: [{ client: true }],
  cluster_sizes: true,
  standard_errors: true,
  carried_over: true,
};

const LOCAL: Allowed = {
  round_number: true,
  client: true,
  num_clusters: true,
  num_samples: true,
  global_index: true,
  before_privacy_filter: { num_clusters: true, sample_counts: true, global_index: true, withheld: true },
  inertia: true,
};

/**
 * Writes the rounds of a directory anew: global means, and what clients sent where that is recorded.
 *
 * @param to where the layout has the files
 * @returns the hash of what was written
 * @throws RunError naming a file that is not as it should be, or that cannot be written
 */
export function exportRounds(
  directory: string,
  summary: LoggedSummary,
  to: Layout,
  files: RecordedFiles,
): RunHash {
  const hash = new RunHash();
  openFolder(dirname(to.globalMeans(0)));
  const { torn } = readRounds(directory, summary, (round, from) => {
    const locals = exportLocals(round, from, summary, to, files);
    const { means } = round;
    const path = to.globalMeans(round.round);
    const arrays = { global_means: files.writeArray(path, means.data, means.nRows, means.nColumns) };
    const fields = allowedOf(readJsonObject(from.globalMetadata(round.round)).values, GLOBAL) as object;
    files.writeJson(to.globalMetadata(round.round), { ...fields, arrays });
    hash.add({ globalMeans: means.data, locals });
  });
  if (torn !== null) throw new RunError(torn.problem);
  return hash;
}

/** @returns what was written, in the order of the round's clients */
function exportLocals(
  round: LoggedRound,
  from: Layout,
  summary: LoggedSummary,
  to: Layout,
  files: RecordedFiles,
): { means: Float64Array; sampleCounts: BigInt64Array }[] {
  const leastOf = new Map(summary.clients.map(({ name, privacy }) => [name, privacy?.group_size ?? null]));
  const locals = readLocals(from, round, round.hasLocals ? round.clients : [], round.means.nColumns);
  return locals.map(({ client, means, counts }) => {
    checkRowsBehind(from.sampleCounts(client, round.round), counts, leastOf.get(client) ?? null);
    openFolder(to.localMeansFolder(client));
    const sampleCounts = BigInt64Array.from(counts, BigInt);
    const arrays = {
      local_means: files.writeArray(
        to.localMeans(client, round.round),
        means.data,
        means.nRows,
        means.nColumns,
      ),
      sample_counts: files.writeArray(
        to.sampleCounts(client, round.round),
        sampleCounts,
        sampleCounts.length,
      ),
    };
    const fields = allowedOf(readJsonObject(from.localMetadata(client, round.round)).values, LOCAL) as object;
    files.writeJson(to.localMetadata(client, round.round), { ...fields, arrays });
    return { means: means.data, sampleCounts };
  });
}
