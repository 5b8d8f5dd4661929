import type { Configuration } from "../../experiment/settings.js";
import { movement } from "../../federation/event-line.js";
import type { Round, RunEvent } from "../../federation/run-event.js";
import type { Point } from "../../markup/svg.js";
import type { Matrix } from "../../numerics/matrix.js";
import { nearestCentroids } from "../../numerics/nearest-centroids.js";
import { applyTransform, type Transform } from "../../numerics/transform.js";
import { plural } from "../../printable.js";
import { describeNotice } from "../../workflow/notice.js";
import { hasGroups, type PrivateTerms } from "../../workflow/protection.js";

/** Rounds whose means still show as a trail. */
const TRAIL = 200;
/** Local means and clients that a picture shows at most: a federation can have thousands. */
const MAX_LOCALS = 400;
const MAX_CLIENTS = 10;

/** What a run has told of itself so far: all that the live picture and the progress line need. */
export interface LiveState {
  settings: Pick<Configuration, "pcaComponents" | "tolerance" | "maxIterations">;
  /** Rounds at most; under differential privacy as many as there will be. */
  maxIterations: number;
  nClients: number;
  /** What differential privacy goes by; null of other modes. */
  privately: PrivateTerms | null;
  nSamples: number;
  /** Groups that stand for the rows; null where rows are computed from. */
  nGroups: number | null;
  featureNames: readonly string[] | null;
  nFeatures: number;
  /** Share of the variance in each component that the map shows, two at most; null where it shows features. */
  explained: readonly number[] | null;
  projection: Transform["projection"];
  rounds: LiveRound[];
  /** The last round as it came. What a picture needs of it is worked out only when a picture is drawn. */
  last: Round | null;
  /** Some of the rows that were recorded, or of the groups that stand for them, once the run is over. */
  rows: { readonly of: "rows" | "groups"; readonly total: number; readonly places: readonly Place[] } | null;
  phase: "starting" | "clustering" | "evaluating" | "done" | "failed";
  converged: boolean;
  /** See `RunEvent`. */
  cycleLength: number | null;
  /** What the user should know, a line each. */
  notices: string[];
  /** What the run ended with: its metrics in a line, or what went wrong. */
  ending: string | null;
}

/** A place on the map, and the cluster that is drawn there; -1 is none. */
export interface Place {
  readonly at: Point;
  readonly cluster: number;
}

interface LiveRound {
  round: number;
  change: number | null;
  /**
   * One a global mean, in units clustered in or in principal components; empty in rounds so long ago that no trail
   * shows them.
   */
  means: Point[];
  /** (k,) null where the means do not come from rows; with noise, under differential privacy. */
  sizes: readonly number[] | null;
  /** (k,) standard error that noise gives each mean, in any coordinate; null where there is none, or nobody knows. */
  standardErrors: readonly number[] | null;
  nParticipants: number;
}

export interface LiveClient {
  name: string;
  /**
   * Rows of each of its local clusters, of whole groups where such stand for rows. `cluster` is the global mean it began
   * as, or where it began as none that its mean is nearest to; -1 where that is withheld.
   */
  clusters: { cluster: number; rows: number; isWithheld: boolean }[];
}

export function liveState(settings: LiveState["settings"]): LiveState {
  return {
    settings,
    maxIterations: settings.maxIterations,
    nClients: 0,
    privately: null,
    nSamples: 0,
    nGroups: null,
    featureNames: null,
    nFeatures: 0,
    explained: null,
    projection: null,
    rounds: [],
    last: null,
    rows: null,
    phase: "starting",
    converged: false,
    cycleLength: null,
    notices: [],
    ending: null,
  };
}

/** Updates the state by an event. */
export function observe(state: LiveState, event: RunEvent): void {
  switch (event.type) {
    case "handshake": {
      const { clients, nSamples, nPoints, nFeatures, featureNames, protection } = event.agreement;
      const nGroups = hasGroups(protection) ? nPoints : null;
      const privately = protection.privately ?? null;
      const { maxIterations } = event;
      Object.assign(state, { nClients: clients.length, nSamples, nGroups, privately, maxIterations });
      Object.assign(state, { nFeatures, featureNames });
      return;
    }
    case "notice":
      state.notices.push(describeNotice(event.notice));
      return;
    case "normalization":
      return;
    case "pca": {
      const { mean, components, explainedVarianceRatio } = event.pca;
      state.explained = [...explainedVarianceRatio.subarray(0, Math.min(2, event.clusteredIn ?? 2))];
      // Where the run itself clusters in components, the means are in components already.
      if (state.settings.pcaComponents === null) {
        state.projection = { mean, components: components.subarray(0, 2 * mean.length) };
      }
      return;
    }
    case "round":
      state.phase = "clustering";
      state.last = event.round;
      state.rounds.push(liveRound(event.round, state.projection));
      if (state.rounds.length > TRAIL) state.rounds[state.rounds.length - 1 - TRAIL].means = [];
      return;
    case "clustered":
      state.phase = "evaluating";
      state.converged = event.converged;
      state.cycleLength = event.cycleLength;
      return;
    case "evaluation": {
      const { inertia, adjustedRandIndex, simplifiedSilhouetteScore, nSamplesInInertia } = event.metrics;
      const isKnown = !Number.isNaN(inertia);
      const ofRows =
        isKnown && nSamplesInInertia < state.nSamples ? ` of ${plural(nSamplesInInertia, "row")}` : "";
      state.phase = "done";
      // Whose the figures are, where they could be of something else.
      const areTold = event.ofPoints === null && event.noisySizes === null;
      const whose = areTold ? "" : event.metricsOf === "rows" ? "of rows: " : "of groups: ";
      const sizes = isKnown ? null : event.noisySizes?.sizes;
      state.ending = [
        sizes ? `clusters of about ${sizes.join(", ")} rows, by noisy counts` : "",
        isKnown ? `${whose}inertia ${Number(inertia.toPrecision(5))}${ofRows}` : "",
        simplifiedSilhouetteScore === null
          ? ""
          : `silhouette (simplified) ${simplifiedSilhouetteScore.toFixed(3)}${ofRows}`,
        adjustedRandIndex === null ? "" : `adjusted Rand index ${adjustedRandIndex.toFixed(3)}`,
      ]
        .filter((part) => part !== "")
        .join(" · ");
    }
  }
}

/** Updates the state of a run that ended without a result. */
export function observeFailure(state: LiveState, message: string): void {
  state.phase = "failed";
  state.ending = message;
}

/** The progress line. */
export function progressLine(state: LiveState): string {
  const last = state.rounds.at(-1);
  const groups = state.nGroups === null ? "" : ` as ${plural(state.nGroups, "group")}`;
  const rows =
    state.privately !== null && !state.nSamples
      ? `${state.privately.declaredRows} declared rows`
      : plural(state.nSamples, "row");
  const of = `${plural(state.nClients, "client")}, ${rows}${groups}`;
  if (state.phase === "failed") {
    return `${state.ending}${last === undefined ? "" : ` · stopped after ${roundName(last.round)}`}`;
  }
  if (state.nClients === 0) return "starting";
  if (last === undefined) return of;
  if (state.privately !== null && (state.phase === "done" || state.phase === "evaluating")) {
    const how = state.converged ? "as planned" : "fewer than planned";
    return `${plural(last.round, "round")}, ${how} · ${state.ending ?? "evaluating"}`;
  }
  if (state.phase === "done" || state.phase === "evaluating") {
    const how =
      state.converged && last.round === 0
        ? "done in one exchange"
        : state.cycleLength !== null
          ? `in a cycle of ${state.cycleLength} rounds, ended at its best after`
          : state.converged
            ? "converged after"
            : "not converged after";
    return `${how}${state.converged && last.round === 0 ? "" : ` ${plural(last.round, "round")}`} · ${state.ending ?? "evaluating"}`;
  }
  const moved = movement(last.change, brief);
  const missing =
    last.nParticipants > 0 && last.nParticipants < state.nClients ? ` · ${last.nParticipants} answered` : "";
  const most = state.privately === null ? "at most " : "";
  return `round ${last.round} of ${most}${state.maxIterations} · ${moved} · ${of}${missing}`;
}

/** A distance in two digits. */
export function brief(change: number): string {
  return change === 0 ? "0" : change.toExponential(1);
}

function roundName(round: number): string {
  return round === 0 ? "the start" : `round ${round}`;
}

function liveRound(round: Round, projection: Transform["projection"]): LiveRound {
  return {
    round: round.round,
    change: round.convergenceChange,
    means: points(round.global.means, projection),
    sizes: round.global.sizes && [...round.global.sizes],
    standardErrors: round.standardErrors ? [...round.standardErrors] : null,
    nParticipants: (round.asked ?? round.locals).length,
  };
}

/**
 * The local means of the last round, each with the index of the cluster it began as, or where it began as none of the
 * nearest. If there are more than a picture shows, they are thinned out evenly.
 */
export function lastLocals({ last, projection }: LiveState): Place[] {
  const all = last?.locals ?? [];
  const every = Math.ceil(all.reduce((sum, { clusters }) => sum + clusters.means.nRows, 0) / MAX_LOCALS);
  let seen = 0;
  return all.flatMap(({ clusters: { means, origins } }) =>
    points(means, projection).flatMap((at, i) =>
      seen++ % every === 0 ? [{ at, cluster: clusterOf(means, i, origins[i], last!) }] : [],
    ),
  );
}

/** The first clients of the last round, with how many rows each local cluster has. */
export function lastClients({ last }: LiveState): LiveClient[] {
  const all = last?.locals ?? [];
  return all
    .slice(0, all.length > MAX_CLIENTS ? MAX_CLIENTS - 1 : MAX_CLIENTS)
    .map(({ client, clusters }) => {
      const { counts, sent, origins } = clusters.beforeFilter;
      let nSent = 0;
      return {
        name: client,
        clusters: Array.from(counts, (rows, i) => {
          const isWithheld = sent[i] === 0;
          const cluster = isWithheld ? origins[i] : clusterOf(clusters.means, nSent++, origins[i], last!);
          return { cluster, rows, isWithheld };
        }),
      };
    });
}

/** Whether local clusters began as none of the global means, as at the start. */
export function areByNearest({ last }: LiveState): boolean {
  return (last?.locals ?? []).some(({ clusters }) => clusters.beforeFilter.origins.includes(-1));
}

function clusterOf(means: Matrix, i: number, origin: number, { global }: Round): number {
  if (origin >= 0) return origin;
  const d = means.nColumns;
  const [nearest] = nearestCentroids(means.data.subarray(i * d, (i + 1) * d), d, global.means.data);
  return nearest;
}

/** Rows that a picture shows at most. */
const MAX_ROWS = 1500;

/**
 * Puts rows on the map, each in the cluster of the mean drawn that it is nearest to. If there are more than a picture
 * shows, they are thinned out evenly.
 *
 * @param parts (n, p) each, in the space clustered in
 */
export function observeRows(state: LiveState, of: "rows" | "groups", parts: readonly Matrix[]): void {
  const means = state.last?.global.means;
  const total = parts.reduce((sum, { nRows }) => sum + nRows, 0);
  if (total === 0 || means === undefined) return;
  const every = Math.ceil(total / MAX_ROWS);
  let seen = 0;
  const places = parts.flatMap((part) => {
    const d = part.nColumns;
    const kept = Array.from({ length: part.nRows }, (_, i) => i).filter(() => seen++ % every === 0);
    const data = new Float64Array(kept.length * d);
    kept.forEach((row, i) => {
      data.set(part.data.subarray(row * d, (row + 1) * d), i * d);
    });
    if (kept.length === 0) return [];
    const clusters = nearestCentroids(data, d, means.data);
    const shown = points({ data, nRows: kept.length, nColumns: d }, state.projection);
    return shown.map((at, i) => ({ at, cluster: clusters[i] }));
  });
  state.rows = { of, total, places };
}

/** The first two coordinates of each mean; means of one coordinate lie on a line. */
function points(means: Matrix, projection: Transform["projection"]): Point[] {
  const { data, nRows, nColumns } = applyTransform({ normalization: null, projection }, means);
  return Array.from(
    { length: nRows },
    (_, i): Point => [data[i * nColumns], nColumns > 1 ? data[i * nColumns + 1] : 0],
  );
}
