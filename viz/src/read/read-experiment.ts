import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf, RunError } from "fedkmeans/directory";
import { nearest } from "./assignment.js";
import { listClients } from "./clients.js";
import type { ClientFacts, Experiment, LocalFacts } from "./experiment.js";
import { chooseProjection, type Projection } from "./projection.js";
import { globalMetadataFile, type LoggedLocal, type LoggedRound, readRound } from "./round.js";
import { readRows, spreadOut } from "./rows.js";
import { readMetrics, readSummary, type SummaryFacts } from "./summary.js";

const METADATA_FILE = /^round_(\d{3,9})_metadata\.json$/;

/**
 * Reads an experiment directory as far as it goes. Only the files of the contract's first block must be there, and
 * only those of global means at that.
 *
 * @throws RunError if there is no such directory, or not one whole round in it
 */
export function readExperiment(directory: string): Experiment {
  const summary = readSummary(directory);
  const named = listClients(directory, summary.clients);
  const { logged, torn } = readRounds(directory, named);
  const { nFeatures } = logged[0];
  const rows = named.map((client) => readRows(directory, client, nFeatures));
  const projection = chooseProjection(directory, summary, nFeatures, [
    rows.flatMap(({ features }) => features ?? []),
    logged.flatMap(({ means, locals }) => [means, ...locals.map((local) => local.means)]),
  ]);
  const positions = rows.map(({ features }) => features && projection.project(features));
  if (nFeatures === 1) spreadOut(positions.filter((part) => part !== null));
  const metrics = readMetrics(directory);
  return {
    directory,
    status: summary.status,
    note: noteOf(
      summary,
      logged.at(-1)!.round,
      torn,
      rows.flatMap(({ problem }) => problem ?? []),
    ),
    algorithm: summary.algorithm,
    converged: summary.converged,
    cycleLength: summary.cycleLength,
    tolerance: summary.tolerance,
    nFeatures,
    axes: projection.axes,
    clients: named.map(({ name, nSamples }, index): ClientFacts => {
      const { features } = rows[index];
      const nRows = features === null ? null : features.length / nFeatures;
      return {
        name,
        nSamples: nSamples ?? nRows ?? countedSamples(logged, index),
        rows: features === null ? null : { features, positions: positions[index]!, nRows: nRows! },
      };
    }),
    rounds: logged.map((round, index) => ({
      ...round,
      positions: projection.project(round.means),
      inertia:
        summary.inertia.get(round.round) ??
        (index + 1 < logged.length ? inertiaFromReplies(logged[index + 1]) : null) ??
        (round.round === summary.rounds ? metrics.inertia : null),
      locals: round.locals.map((local) => localFacts(local, round, summary, projection)),
    })),
    metrics,
  };
}

/** Whole rounds without a gap, and why the one after the last of them is not whole. */
function readRounds(
  directory: string,
  clients: Parameters<typeof readRound>[2],
): { logged: LoggedRound[]; torn: string | null } {
  const first = firstRound(directory);
  const logged: LoggedRound[] = [];
  let torn: string | null = null;
  for (let round = first; torn === null && existsSync(globalMetadataFile(directory, round)); round++) {
    try {
      const next = readRound(directory, round, clients, round === first);
      const { nFeatures } = logged[0] ?? next;
      if (next.nFeatures !== nFeatures) {
        throw new RunError(`global means of ${nFeatures} features expected, found ${next.nFeatures}`);
      }
      logged.push(next);
    } catch (error) {
      torn = `round ${round} is not whole (${messageOf(error)})`;
    }
  }
  if (logged.length === 0) throw new RunError(`${directory}: no whole round: ${torn}`);
  return { logged, torn };
}

function firstRound(directory: string): number {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new RunError(`${directory}: no such directory`);
  }
  const folder = join(directory, "global_means");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const rounds = files.flatMap((file) => METADATA_FILE.exec(file)?.[1] ?? []).map(Number);
  if (rounds.length === 0) {
    throw new RunError(
      `${directory}: no experiment directory, or one without a round: it has no global_means/round_000_metadata.json`,
    );
  }
  return Math.min(...rounds);
}

function localFacts(
  local: LoggedLocal,
  round: LoggedRound,
  summary: SummaryFacts,
  projection: Projection,
): LocalFacts {
  const carried = new Set(round.carriedOver);
  const isOpen = carried.size < round.k ? (mean: number) => !carried.has(mean) : null;
  // Where a round does not say whose clusters these are, the algorithm of that name did.
  const areGlobal = (round.localClusters ?? (summary.algorithm === "lloyd" ? "global" : "own")) === "global";
  return {
    ...local,
    positions: projection.project(local.means),
    targets: local.origins.map((origin, index) =>
      areGlobal && origin !== null && origin < round.k
        ? origin
        : nearest(local.means, index * round.nFeatures, round.nFeatures, round.means, isOpen),
    ),
  };
}

/** Inertia under a round's means, from what clients reported in the next round; null unless all did. */
function inertiaFromReplies({ locals, dropped }: LoggedRound): number | null {
  if (dropped.length > 0 || locals.length === 0) return null;
  return locals.reduce<number | null>(
    (sum, { inertia }) => (sum === null || inertia === null ? null : sum + inertia),
    0,
  );
}

function countedSamples(rounds: readonly LoggedRound[], client: number): number | null {
  for (const round of rounds) {
    const local = round.locals.find((candidate) => candidate.client === client);
    if (local?.nSamples != null) return local.nSamples;
  }
  return null;
}

function noteOf(
  summary: SummaryFacts,
  last: number,
  torn: string | null,
  problems: readonly string[],
): string | null {
  const notes = [...problems];
  if (torn !== null) notes.unshift(`${torn}: drawn up to round ${last}`);
  else if (summary.status === "aborted") {
    const reason = summary.reason === null ? "" : ` (${summary.reason})`;
    notes.unshift(`the run was aborted${reason}: drawn up to round ${last}`);
  } else if (summary.status === "running") {
    notes.unshift(`the run is still going, or was killed: drawn up to round ${last}`);
  } else if (summary.rounds !== null && summary.rounds > last) {
    notes.unshift(`rounds up to ${summary.rounds} expected: drawn up to round ${last}`);
  }
  return notes.length === 0 ? null : notes.join("; ");
}
