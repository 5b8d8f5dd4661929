import { existsSync } from "node:fs";
import { messageOf, RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import { checkCount, type JsonObject } from "./json-object.js";
import { type Layout, layoutOf } from "./layout.js";
import { readMatrix } from "./read-array.js";
import { readLocals } from "./read-local.js";
import { firstRound, type RoundFacts, readRoundFacts } from "./read-round.js";
import { type LoggedSummary, readSummary } from "./read-summary.js";
import { RunHash } from "./run-hash.js";

/** One whole round as an experiment directory holds it. */
export interface LoggedRound extends RoundFacts {
  /** (k, p) as clustered. */
  means: Matrix;
}

/** Rounds of an experiment directory. */
export interface Rounds<R> {
  /** Whole ones from the first on, without a gap. */
  rounds: R[];
  /** Which round after the last whole one is not whole, and why; null if there is no sign of one. */
  torn: { round: number; problem: string } | null;
}

/** What can be read of an experiment directory. */
export interface LoggedExperiment<R extends RoundFacts = LoggedRound> extends Rounds<R> {
  summary: LoggedSummary;
}

/**
 * Reads an experiment directory, its global means only, and checks each against the shape and SHA-256 in its metadata.
 *
 * @throws RunError if the directory has no readable summary
 */
export function readExperiment(directory: string): LoggedExperiment {
  const summary = readSummary(directory);
  return { summary, ...readRounds(directory, summary, (round) => round) };
}

/**
 * The same, and of every other array of its rounds: what clients sent, too, a round in memory at a time.
 *
 * @returns with the hash of the whole rounds
 * @throws as `readExperiment`
 */
export function readWholeExperiment(directory: string): LoggedExperiment & { hash: RunHash } {
  const summary = readSummary(directory);
  const hash = new RunHash();
  const read = readRounds(directory, summary, (round, layout) => {
    const { clients, means, hasLocals } = round;
    const locals = readLocals(layout, round, hasLocals ? clients : [], means.nColumns);
    hash.add({
      globalMeans: means.data,
      locals: locals.map((local) => ({
        means: local.means.data,
        sampleCounts: BigInt64Array.from(local.counts, BigInt),
      })),
    });
    return round;
  });
  return { summary, ...read, hash };
}

/**
 * The same, by the metadata alone: no array is read, and none checked.
 *
 * @throws as `readExperiment`
 */
export function readExperimentFacts(directory: string): LoggedExperiment<RoundFacts> & { layout: Layout } {
  const summary = readSummary(directory);
  const layout = layoutOf(directory, summary.clients);
  return { summary, layout, ...walk(layout, summary, (facts) => facts) };
}

/**
 * Reads rounds with their means.
 *
 * @param complete what is to become of a round; what it throws makes the round one that is not whole
 */
export function readRounds<R>(
  directory: string,
  summary: LoggedSummary,
  complete: (round: LoggedRound, layout: Layout) => R,
): Rounds<R> {
  const layout = layoutOf(directory, summary.clients);
  let nColumns: number | null = null;
  return walk(layout, summary, (facts, metadata) => {
    const round = withMeans(layout, facts, metadata, nColumns);
    nColumns = round.means.nColumns;
    return complete(round, layout);
  });
}

/**
 * Reads one round with its means, for a reader that goes on without what is damaged: also where metadata of what clients
 * sent are.
 *
 * @param nColumns of the rounds before; null: any
 * @throws RunError naming the file of the global means, or their metadata's, that is not as it should be
 */
export function readGlobalRound(
  layout: Layout,
  round: number,
  summary: LoggedSummary,
  nColumns: number | null,
): LoggedRound {
  const { facts, metadata } = readRoundFacts(layout, round, summary, true);
  return withMeans(layout, facts, metadata, nColumns);
}

function withMeans(
  layout: Layout,
  facts: RoundFacts,
  metadata: JsonObject,
  nColumns: number | null,
): LoggedRound {
  const path = layout.globalMeans(facts.round);
  const means = readMatrix(path, metadata, "global_means", nColumns);
  if (means.nRows === 0) throw new RunError(`${path}: at least one mean expected, found none`);
  if (metadata.isOurs) {
    checkCount(metadata, "round_number", facts.round);
    checkCount(metadata, "num_clusters", means.nRows);
  }
  return { ...facts, means };
}

function walk<R>(
  layout: Layout,
  summary: LoggedSummary,
  read: (facts: RoundFacts, metadata: JsonObject) => R,
): Rounds<R> {
  const rounds: R[] = [];
  for (let round = firstRound(layout, summary); existsSync(layout.globalMetadata(round)); round++) {
    try {
      const { facts, metadata } = readRoundFacts(layout, round, summary);
      rounds.push(read(facts, metadata));
    } catch (error) {
      return { rounds, torn: { round, problem: messageOf(error) } };
    }
  }
  return { rounds, torn: null };
}
