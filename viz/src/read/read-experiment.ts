import { existsSync, statSync } from "node:fs";
import {
  haveGroups,
  type Layout,
  type LoggedSummary,
  layoutOf,
  NUMBER,
  RunError,
  readMetrics,
  readRounds,
  readSummaryIfAny,
  settingOf,
  TEXT,
} from "fedkmeans/directory";
import { nearest } from "./assignment.js";
import type { ClientFacts, Experiment, LocalFacts, Metrics } from "./experiment.js";
import { groupFacts } from "./groups.js";
import { chooseProjection, type Projection } from "./projection.js";
import { type ReadLocal, type ReadRound, readRound } from "./round.js";
import { readGroups, readRows, spreadOut } from "./rows.js";

const NO_METRICS: Metrics = {
  inertia: null,
  silhouetteScore: null,
  simplifiedSilhouetteScore: null,
  adjustedRandIndex: null,
  nSamples: null,
  nSamplesInInertia: null,
};

const UNKNOWN: { readonly ofRows: Metrics; readonly ofGroups: Metrics } = {
  ofRows: NO_METRICS,
  ofGroups: NO_METRICS,
};

/**
 * Reads an experiment directory as far as it goes. Only the files of the contract's first block must be there, and
 * only those of global means at that.
 *
 * @throws RunError if there is no such directory, or not one whole round in it
 */
export function readExperiment(directory: string): Experiment {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new RunError(`${directory}: no such directory`);
  }
  const summary = readSummaryIfAny(directory);
  const layout = layoutOf(directory, summary.clients);
  const { logged, torn } = readAllRounds(directory, summary);
  const { nFeatures } = logged[0];
  const isGrouped = haveGroups(summary.clients);
  const data = summary.clients.map(({ name }) => readData(layout, name, nFeatures, isGrouped));
  const projection = chooseProjection(layout, summary, nFeatures, [
    data.flatMap(({ features }) => features ?? []),
    logged.flatMap(({ means, locals }) => [means, ...locals.map((local) => local.means)]),
  ]);
  const positions = data.map(({ features }) => features && projection.project(features));
  if (nFeatures === 1) spreadOut(positions.filter((part) => part !== null));
  const { ofRows, ofGroups } = existsSync(layout.metrics) ? metricsIn(directory) : UNKNOWN;
  const ofRounds = isGrouped ? ofGroups : ofRows;
  const areOfRows = !isGrouped || isKnown(ofRows);
  const algorithm = settingOf(summary, "algorithm", TEXT);
  const inertiaOf = new Map(summary.convergence_history.map(({ round, inertia }) => [round, inertia]));
  return {
    directory,
    status: summary.status,
    note: noteOf(
      summary,
      logged.at(-1)!.round,
      torn,
      data.flatMap(({ problems }) => problems),
    ),
    algorithm,
    converged: summary.results?.converged ?? null,
    cycleLength: summary.results?.cycle_length ?? null,
    tolerance: settingOf(summary, "tolerance", NUMBER),
    nFeatures,
    axes: projection.axes,
    clients: summary.clients.map(({ name, n_samples, n_points }, index): ClientFacts => {
      const { features, weights } = data[index];
      const nPoints = features === null ? null : features.length / nFeatures;
      const nRows = weights === null ? nPoints : null;
      return {
        name,
        nSamples: n_samples ?? nRows ?? countedSamples(logged, index),
        nGroups: isGrouped ? n_points : null,
        points:
          features === null ? null : { features, positions: positions[index]!, nPoints: nPoints!, weights },
      };
    }),
    rounds: logged.map((round, index) => ({
      ...round,
      positions: projection.project(round.means),
      inertia:
        inertiaOf.get(round.round) ??
        logged[index + 1]?.inertiaBefore ??
        (round.round === summary.results?.rounds ? ofRounds.inertia : null),
      locals: round.locals.map((local) => localFacts(local, round, algorithm, projection)),
    })),
    metrics: areOfRows ? ofRows : ofGroups,
    metricsOf: areOfRows ? "rows" : "groups",
    groups: isGrouped
      ? groupFacts(
          summary.clients.map(({ n_points }) => n_points),
          data.map(({ sizes }) => sizes),
          Math.min(...summary.clients.flatMap(({ privacy }) => privacy?.group_size ?? [])),
        )
      : null,
  };
}

/** What of a client's data is drawn: its rows, or else the groups that stand for them. */
interface Drawn {
  readonly features: Float64Array | null;
  /** Rows behind each, where they are groups. */
  readonly weights: Float64Array | null;
  /** Rows of each group, whatever is drawn; null where they are not recorded. */
  readonly sizes: Float64Array | null;
  /** Why something is not drawn. */
  readonly problems: readonly string[];
}

function readData(layout: Layout, client: string, nFeatures: number, isGrouped: boolean): Drawn {
  const { features, problem } = readRows(layout, client, nFeatures);
  const grouped = isGrouped ? readGroups(layout, client, nFeatures) : null;
  const groups = grouped?.groups ?? null;
  const sizes = groups?.weights ?? null;
  const problems = [problem, grouped?.problem ?? null].filter((one) => one !== null);
  if (features !== null || groups === null) return { features, weights: null, sizes, problems };
  return { features: groups.points.data, weights: groups.weights, sizes, problems };
}

function metricsIn(directory: string): typeof UNKNOWN {
  const { ofPoints, ...ofRows } = readMetrics(directory);
  return { ofRows, ofGroups: ofPoints ?? NO_METRICS };
}

function isKnown(metrics: Metrics): boolean {
  return Object.values(metrics).some((value) => value !== null);
}

/** @throws RunError if not one round is whole */
function readAllRounds(
  directory: string,
  summary: LoggedSummary,
): { logged: ReadRound[]; torn: string | null } {
  const clients = new Map(summary.clients.map(({ name }, index) => [name, index]));
  let isFirst = true;
  const { rounds, torn } = readRounds(directory, summary, (round, layout) => {
    const read = readRound(round, layout, clients, isFirst);
    isFirst = false;
    return read;
  });
  const reason = torn && `round ${torn.round} is not whole (${torn.problem})`;
  if (rounds.length > 0) return { logged: rounds, torn: reason };
  throw new RunError(
    reason === null
      ? `${directory}: no experiment directory, or one without a round: it has no global_means/round_000_metadata.json`
      : `${directory}: no whole round: ${reason}`,
  );
}

function localFacts(
  local: ReadLocal,
  round: ReadRound,
  algorithm: string | null,
  projection: Projection,
): LocalFacts {
  const carried = new Set(round.carriedOver);
  const isOpen = carried.size < round.k ? (mean: number) => !carried.has(mean) : null;
  // Where a round does not say whose clusters these are, the algorithm of that name did.
  const areGlobal = (round.localClusters ?? (algorithm === "lloyd" ? "global" : "own")) === "global";
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

function countedSamples(rounds: readonly ReadRound[], client: number): number | null {
  for (const round of rounds) {
    const local = round.locals.find((candidate) => candidate.client === client);
    if (local?.nSamples != null) return local.nSamples;
  }
  return null;
}

function noteOf(
  { status, reason, results }: LoggedSummary,
  last: number,
  torn: string | null,
  problems: readonly string[],
): string | null {
  const notes = [...problems];
  if (torn !== null) notes.unshift(`${torn}: drawn up to round ${last}`);
  else if (status === "aborted") {
    const why = reason === null ? "" : ` (${reason})`;
    notes.unshift(`the run was aborted${why}: drawn up to round ${last}`);
  } else if (status === "running") {
    notes.unshift(`the run is still going, or was killed: drawn up to round ${last}`);
  } else if ((results?.rounds ?? last) > last) {
    notes.unshift(`rounds up to ${results!.rounds} expected: drawn up to round ${last}`);
  }
  return notes.length === 0 ? null : notes.join("; ");
}
