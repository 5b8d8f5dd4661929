import { existsSync, statSync } from "node:fs";
import {
  haveGroups,
  type Layout,
  type Stability as LoggedStability,
  type LoggedSummary,
  layoutOf,
  messageOf,
  NUMBER,
  RunError,
  readMetrics,
  readStability,
  readSummaryIfAny,
  settingOf,
  summaryOfFiles,
  TEXT,
} from "fedkmeans/directory";
import { nearest } from "./assignment.js";
import { endingOf } from "./ending.js";
import type { ClientFacts, Experiment, LocalFacts, Metrics, RoundFacts, Stability } from "./experiment.js";
import { groupFacts } from "./groups.js";
import type { NoiseFacts } from "./noise.js";
import { linesOf, noteOf, type Problem } from "./problem.js";
import { chooseProjection, type Projection } from "./projection.js";
import type { ReadLocal, ReadRound } from "./round.js";
import { readRounds } from "./rounds.js";
import { readGroups, readRows } from "./rows.js";

const NO_METRICS: Metrics = {
  inertia: null,
  silhouetteScore: null,
  simplifiedSilhouetteScore: null,
  adjustedRandIndex: null,
  normalizedMutualInformation: null,
  contingency: null,
  nSamples: null,
  nSamplesInInertia: null,
};

/** Algorithms that ask clients once. */
const ONE_SHOT: ReadonlySet<string> = new Set(["k-fed"]);

/**
 * Reads an experiment directory as far as it goes. Only the files of the contract's first block must be there, and
 * only those of global means at that; what else is damaged is passed over, and named.
 *
 * @throws RunError if there is no such directory, or not one whole round in it
 */
export function readExperiment(directory: string): Experiment {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new RunError(`${directory}: no such directory`);
  }
  const { summary, metrics, stability, unread } = readAbout(directory);
  const layout = layoutOf(directory, summary.clients);
  const read = readRounds(directory, summary);
  const logged = read.rounds;
  const ending = endingOf(summary, read);
  const { nFeatures } = logged[0];
  const facts = new Map(summary.clients.map((client) => [client.name, client]));
  const isSaid = haveGroups(summary.clients);
  const data = read.clients.map((name) =>
    readData(layout, name, nFeatures, isSaid || metrics.ofGroups !== null),
  );
  // Where the summary is damaged, groups are known by their own files.
  const isGrouped = isSaid || (metrics.ofGroups !== null && data.every(({ sizes }) => sizes !== null));
  const noise = noiseFacts(summary, logged);
  const projection = chooseProjection(layout, summary, nFeatures, noise !== null, {
    rows: data.flatMap(({ features }) => features ?? []),
    means: logged.flatMap(({ means, locals }) => [means, ...locals.map((local) => local.means)]),
  });
  const positions = data.map(({ features }) => features && projection.project(features));
  const { ofRows, ofGroups } = metrics;
  const areOfRows = ofGroups === null || isKnown(ofRows);
  const algorithm = settingOf(summary, "algorithm", TEXT);
  const isOneShot = algorithm !== null && ONE_SHOT.has(algorithm);
  const inertiaOf = new Map(summary.convergence_history.map(({ round, inertia }) => [round, inertia]));
  const problems = [
    ...[ending.problem, read.begun].filter((one) => one !== null),
    ...unread,
    ...data.flatMap((one) => one.problems),
    ...read.problems,
  ];
  return {
    directory,
    status: summary.status,
    note: noteOf(problems),
    problems: linesOf(problems),
    algorithm,
    isOneShot,
    lastRound: ending.lastRound,
    scoredRound: ending.finalRound,
    converged: summary.results?.converged ?? null,
    cycleLength: summary.results?.cycle_length ?? null,
    // How many rounds there are follows from public figures: no tolerance ends them.
    tolerance: isOneShot || noise !== null ? null : settingOf(summary, "tolerance", NUMBER),
    nFeatures,
    axes: projection.axes,
    explained: projection.explained,
    original: projection.original,
    clients: read.clients.map((name, index): ClientFacts => {
      const { features, weights } = data[index];
      const nPoints = features === null ? null : features.length / nFeatures;
      const nRows = weights === null ? nPoints : weights.reduce((sum, weight) => sum + weight, 0);
      const { n_samples = null, n_points = null } = facts.get(name) ?? {};
      return {
        name,
        nSamples: n_samples ?? nRows ?? countedSamples(logged, index),
        nGroups: isGrouped ? (n_points ?? data[index].sizes?.length ?? null) : null,
        points:
          features === null ? null : { features, positions: positions[index]!, nPoints: nPoints!, weights },
      };
    }),
    rounds: logged.map((round, index): RoundFacts => {
      const locals = round.locals.map((local) => localFacts(local, round, algorithm, projection));
      return {
        ...round,
        ...sizesOf(round, locals, logged[index - 1] ?? null),
        positions: projection.project(round.means),
        inertia:
          inertiaOf.get(round.round) ??
          logged[index + 1]?.inertiaBefore ??
          // Where nobody knows that of a round, the final means' is a score, and no curve.
          (round.round === ending.finalRound && noise === null ? (ofGroups ?? ofRows).inertia : null),
        locals,
      };
    }),
    metrics: areOfRows ? ofRows : ofGroups,
    metricsOf: areOfRows ? "rows" : "groups",
    stability,
    noise,
    groups: isGrouped
      ? groupFacts(
          read.clients.map((name, i) => facts.get(name)?.n_points ?? data[i].sizes?.length ?? null),
          data.map(({ sizes }) => sizes),
          Math.min(...summary.clients.flatMap(({ privacy }) => privacy?.group_size ?? [])),
        )
      : null,
  };
}

/** What a run's noise was; null where clients added none. */
function noiseFacts(summary: LoggedSummary, rounds: readonly ReadRound[]): NoiseFacts | null {
  const isPrivate =
    settingOf(summary, "privacy", TEXT) === "dp" ||
    rounds.some(({ standardErrors }) => standardErrors !== null);
  if (!isPrivate) return null;
  return { epsilon: settingOf(summary, "epsilon", NUMBER), delta: settingOf(summary, "delta", NUMBER) };
}

/** What the files about the whole run say; of one that is damaged, nothing. */
function readAbout(directory: string): {
  summary: LoggedSummary;
  metrics: { ofRows: Metrics; ofGroups: Metrics | null };
  stability: Stability | null;
  unread: Problem[];
} {
  const unread: Problem[] = [];
  const attempt = <T>(read: () => T, what: string, otherwise: () => T): T => {
    try {
      return read();
    } catch (error) {
      unread.push({ short: `The ${what} cannot be read.`, detail: messageOf(error) });
      return otherwise();
    }
  };
  const summary = attempt(
    () => readSummaryIfAny(directory),
    "summary",
    () => summaryOfFiles(directory),
  );
  const none = { ...NO_METRICS, ofPoints: null };
  const { ofPoints, ...ofRows } = attempt(
    () => (existsSync(layoutOf(directory).metrics) ? readMetrics(directory) : none),
    "metrics",
    () => none,
  );
  const stability = attempt(
    () => stabilityFacts(readStability(directory)),
    "stability of clusters",
    () => null,
  );
  return { summary, metrics: { ofRows, ofGroups: ofPoints }, stability, unread };
}

function stabilityFacts(found: LoggedStability | null): Stability | null {
  if (found === null) return null;
  const { resamples, of, clusters } = found;
  return {
    resamples,
    of: of === "points" ? "groups" : "rows",
    clusters: clusters.map(({ meanJaccard, recovered, dissolved }) => ({
      meanJaccard,
      recovered,
      dissolved,
    })),
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
  readonly problems: readonly Problem[];
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

function isKnown(metrics: Metrics): boolean {
  return Object.values(metrics).some((value) => value !== null);
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

/** Rows of each cluster, as the directory says, or as what clients sent sums up to; and which nobody reported. */
function sizesOf(
  { k, sizes, carriedOver, lost, means, nFeatures }: ReadRound,
  locals: readonly LocalFacts[],
  before: ReadRound | null,
): Pick<RoundFacts, "sizes" | "carriedOver"> {
  if (sizes !== null || locals.length === 0 || lost.length > 0) return { sizes, carriedOver };
  const sums = new Array<number>(k).fill(0);
  for (const { targets, counts } of locals) {
    for (const [i, target] of targets.entries()) sums[target] += counts[i];
  }
  const isKept = (cluster: number) =>
    sums[cluster] === 0 &&
    before !== null &&
    cluster < before.k &&
    means
      .subarray(cluster * nFeatures, (cluster + 1) * nFeatures)
      .every((value, f) => value === before.means[cluster * nFeatures + f]);
  return { sizes: sums, carriedOver: [...sums.keys()].filter(isKept) };
}

function countedSamples(rounds: readonly ReadRound[], client: number): number | null {
  for (const round of rounds) {
    const local = round.locals.find((candidate) => candidate.client === client);
    if (local?.nSamples != null) return local.nSamples;
  }
  return null;
}
