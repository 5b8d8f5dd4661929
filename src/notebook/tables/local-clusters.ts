import { mayWithhold } from "../../directory/clients.js";
import type { Layout } from "../../directory/layout.js";
import { readExperimentFacts } from "../../directory/read-experiment.js";
import { readLocalFacts, readSampleCounts } from "../../directory/read-local.js";
import type { RoundFacts } from "../../directory/read-round.js";
import { RunError } from "../../errors.js";
import { directoryOf, type ExperimentLike } from "../../experiment/open.js";

/** One row of `localClusters`. */
export interface LocalClusterRow {
  round: number;
  client: string;
  /** Index of the global mean it began as; null at the start, where it began as none. */
  cluster: number | null;
  /** Rows in it, of whole groups where such stand for rows: its client reports this even of a cluster it withholds. */
  nSamples: number;
  /**
   * Kept back by the privacy threshold: its mean did not leave the client. Left out where clients hold to groups, which
   * keep none back.
   */
  isWithheld?: boolean;
}

/**
 * What every client's privacy filter saw in every round, one local cluster a row; of a directory that does not say,
 * what clients sent.
 */
export function localClusters(experiment: ExperimentLike): LocalClusterRow[] {
  const directory = directoryOf(experiment);
  const { rounds, layout, summary } = readExperimentFacts(directory);
  const saysWithheld = mayWithhold(summary.clients);
  return rounds.flatMap((round) => {
    if (!round.hasLocals && summary.clients.some(({ privacy }) => privacy?.mode === "dp")) {
      throw new RunError(
        `${directory} has no local clusters: under differential privacy each client's answers are noise for the most part, and only their totals say anything`,
      );
    }
    if (!round.hasLocals) {
      throw new RunError(`${directory} holds no local means: it was run with recordLocalMeans: false`);
    }
    const found = round.clients.flatMap((client) => localClustersOf(layout, round, client));
    return saysWithheld ? found : found.map(({ isWithheld, ...cluster }) => cluster);
  });
}

function localClustersOf(layout: Layout, logged: RoundFacts, client: string): LocalClusterRow[] {
  const { round } = logged;
  const { before } = readLocalFacts(layout, logged, client);
  if (before === null) {
    const counts = readSampleCounts(layout, logged, client);
    return Array.from(counts, (nSamples) => ({ round, client, cluster: null, nSamples, isWithheld: false }));
  }
  const withheld = new Set(before.withheld);
  return before.counts.map((nSamples, i) => ({
    round,
    client,
    cluster: before.origins[i] ?? null,
    nSamples,
    isWithheld: withheld.has(i),
  }));
}
