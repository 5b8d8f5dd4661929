import { existsSync } from "node:fs";
import { basename, resolve, sep } from "node:path";
import { haveGroups, mayWithhold } from "../../directory/clients.js";
import { type JsonObject, readJsonObject } from "../../directory/json-object.js";
import { type Layout, layoutOf } from "../../directory/layout.js";
import { type LedgerTotals, totalsOfLedgers } from "../../directory/ledger-summary.js";
import { readMatrix, readVector } from "../../directory/read-array.js";
import { type LoggedRound, readWholeExperiment } from "../../directory/read-experiment.js";
import { type LoggedEvaluation, readMetrics } from "../../directory/read-metrics.js";
import { readStability, type Stability } from "../../directory/read-stability.js";
import type { LoggedSummary } from "../../directory/read-summary.js";
import { type Verification, verify } from "../../directory/verify.js";
import { messageOf, RunError } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import { type ClientCounts, countsOfClients } from "./client-counts.js";
import { runFiles } from "./files.js";
import { type PrivateFacts, privateFactsOf } from "./private-facts.js";

/** All that a report says of a run, from its directory. What that does not hold is null. */
export interface RunFacts {
  readonly directory: string;
  /** The last part of its path. */
  readonly name: string;
  readonly layout: Layout;
  readonly summary: LoggedSummary;
  /** Whole rounds; at least one. */
  readonly rounds: readonly LoggedRound[];
  /** The round whose means are the final ones, or of a run that was cut short, the last. */
  readonly last: LoggedRound;
  /** Where a file of rounds is damaged: what is said of that. */
  readonly torn: string | null;
  /** Recomputed from the arrays of `rounds`. */
  readonly runHash: string;
  readonly metrics: LoggedEvaluation | null;
  /** (k, d) on the original scale. */
  readonly finalMeans: Matrix | null;
  /** d names. */
  readonly featureNames: readonly string[];
  /** Mean and standard deviation a feature over the federation, on the original scale. */
  readonly normalization: { readonly mean: Float64Array; readonly std: Float64Array } | null;
  readonly pca: {
    readonly mean: Float64Array;
    readonly components: Matrix;
    readonly ratio: Float64Array;
  } | null;
  /** What `twin.json` holds. */
  readonly twin: JsonObject | null;
  /** How stable its clusters are; null where that was not asked for. */
  readonly stability: Stability | null;
  /** One a client and kind of request. */
  readonly ledgers: readonly LedgerTotals[] | null;
  /** In client order: rows of each client by cluster. */
  readonly counts: readonly ClientCounts[];
  readonly isSimulation: boolean;
  /** What it was held to under differential privacy; null of another run. */
  readonly privately: PrivateFacts | null;
  /** Whether groups stand for rows. */
  readonly hasGroups: boolean;
  /** Whether means may have been withheld. */
  readonly mayWithhold: boolean;
  /** Whether each file is as it was written. */
  readonly verified: Verified;
}

/** What checking a directory came to. */
export type Verified =
  | { readonly isGood: true; readonly verification: Verification }
  | { readonly isGood: false; readonly problem: string };

/**
 * Reads an experiment directory for a report.
 *
 * @throws RunError if it is none, or holds no whole round
 */
export function readFacts(directory: string): RunFacts {
  const { summary, rounds, torn, hash } = readWholeExperiment(directory);
  const verified = verifiedOf(directory);
  const layout = layoutOf(directory, summary.clients);
  const last = rounds.find(({ round }) => round === summary.results?.final_round) ?? rounds.at(-1);
  if (last === undefined) throw noRound(directory, torn?.problem ?? null);
  const nFeatures = summary.n_features ?? last.means.nColumns;
  const facts = {
    directory,
    name: basename(resolve(directory)),
    layout,
    summary,
    rounds,
    last,
    torn: torn === null ? null : within(directory, torn.problem),
    runHash: hash.digest(),
    metrics: ifThere(layout.metrics, () => readMetrics(directory)),
    finalMeans: ifThere(layout.finalMeans, (path) => readMatrix(path, null, "", nFeatures)),
    featureNames: summary.feature_names ?? Array.from({ length: nFeatures }, (_, i) => `feature ${i}`),
    normalization: ifThere(layout.normalization("mean"), (path) => ({
      mean: readVector(path, nFeatures),
      std: readVector(layout.normalization("std"), nFeatures),
    })),
    pca: ifThere(layout.pca("components"), (path) => {
      const components = readMatrix(path, null, "", nFeatures);
      return {
        mean: readVector(layout.pca("mean"), nFeatures),
        components,
        ratio: readVector(layout.pca("explained_variance_ratio"), components.nRows),
      };
    }),
    twin: ifThere(layout.twin, readJsonObject),
    stability: ifThere(layout.stability, () => readStability(directory)),
    ledgers: ledgersOf(directory),
    isSimulation: summary.isOurs && summary.deployment === null,
    privately: privateFactsOf(summary, rounds),
    hasGroups: haveGroups(summary.clients),
    // Of another program's clients it is known where it is recorded.
    mayWithhold:
      mayWithhold(summary.clients) && (summary.isOurs || rounds.some(({ withheld }) => withheld.length > 0)),
    verified,
  };
  return { ...facts, counts: countsOfClients(facts) };
}

function noRound(directory: string, problem: string | null): RunError {
  return new RunError(problem ?? `${directory} holds no whole round: there is nothing to report yet`);
}

function verifiedOf(directory: string): Verified {
  try {
    const verification = verify(directory);
    // Without reports of it, so that one which is put there says the same the next time.
    const files = verification.files === null ? null : (runFiles(directory)?.length ?? null);
    return { isGood: true, verification: { ...verification, files } };
  } catch (error) {
    return { isGood: false, problem: within(directory, messageOf(error)) };
  }
}

/** What is said of a directory, wherever it lies: a page of the same one is the same. */
function within(directory: string, problem: string): string {
  return problem
    .replace(/ is not as it was written: /, ": ")
    .replaceAll(`${directory}${sep}`, "")
    .replace(`${directory}: `, "")
    .replaceAll(directory, basename(resolve(directory)));
}

function ledgersOf(directory: string): LedgerTotals[] | null {
  try {
    return totalsOfLedgers(directory);
  } catch {
    // Nobody had to keep one, and a damaged one is a matter of what was verified.
    return null;
  }
}

/** What a file says; null where there is none, or it is damaged, which is a matter of what was verified. */
function ifThere<T>(path: string, read: (path: string) => T): T | null {
  if (!existsSync(path)) return null;
  try {
    return read(path);
  } catch {
    return null;
  }
}
