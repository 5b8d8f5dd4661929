import { existsSync } from "node:fs";
import {
  COUNT,
  listOf,
  OBJECT,
  optional,
  orNull,
  readJsonObject,
  required,
} from "../../directory/json-object.js";
import { type Layout, layoutOf } from "../../directory/layout.js";
import { readArray } from "../../directory/read-array.js";
import { readExperiment } from "../../directory/read-experiment.js";
import { RunError } from "../../errors.js";
import { directoryOf, type ExperimentLike } from "../../experiment/open.js";

/** One row of `localClusters`. */
export interface LocalClusterRow {
  round: number;
  client: string;
  /** Index of the global mean it began as; null at the start, where it began as none. */
  cluster: number | null;
  /** Rows in it: its client reports this even of a cluster it withholds. */
  nSamples: number;
  /** Kept back by the privacy threshold: its mean did not leave the client. */
  isWithheld: boolean;
}

/**
 * What every client's privacy filter saw in every round, one local cluster a row; of a directory that does not say,
 * what clients sent.
 */
export function localClusters(experiment: ExperimentLike): LocalClusterRow[] {
  const directory = directoryOf(experiment);
  const layout = layoutOf(directory);
  return readExperiment(directory).rounds.flatMap(({ round, clients, hasLocals }) => {
    if (!hasLocals) {
      throw new RunError(`${directory} holds no local means: it was run with recordLocalMeans: false`);
    }
    return clients.flatMap((client) => localClustersOf(layout, client, round));
  });
}

function localClustersOf(layout: Layout, client: string, round: number): LocalClusterRow[] {
  const path = layout.localMetadata(client, round);
  const metadata = existsSync(path) ? readJsonObject(path) : null;
  const before = metadata && optional(metadata, "before_privacy_filter", OBJECT);
  if (before === null) {
    const { data } = readArray(layout.sampleCounts(client, round), metadata, "sample_counts");
    return Array.from(data, (nSamples) => ({ round, client, cluster: null, nSamples, isWithheld: false }));
  }
  const origins = required(before, "global_index", listOf(orNull(COUNT)));
  const withheld = new Set(required(before, "withheld", listOf(COUNT)));
  return required(before, "sample_counts", listOf(COUNT)).map((nSamples, i) => ({
    round,
    client,
    cluster: origins[i] ?? null,
    nSamples,
    isWithheld: withheld.has(i),
  }));
}
