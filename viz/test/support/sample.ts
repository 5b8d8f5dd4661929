import type { ClientFacts, Experiment, LocalFacts, RoundFacts } from "#src/read/experiment.js";
import type { Frame, Step, View } from "#src/scene/frames/frame.js";

/** A small linear congruential generator: the same rows on every machine. */
export function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface SampleOptions {
  nClients?: number;
  rowsPerClient?: number;
  k?: number;
  nRounds?: number;
  withRows?: boolean;
  /** Groups stand for the rows, which are recorded, or not; nothing is withheld then. */
  groups?: "drawn" | "behind rows";
  /** Clients send sums with noise, and no means: the standard error of each coordinate of every mean after round 0. */
  noise?: number;
  /** The first round's means come from the clients. */
  clientStart?: boolean;
}

/**
 * An experiment of two features made by hand: in every round each client sends a mean for every cluster but the
 * last, which it withholds with one row, and the first cluster of client 0 gets none of its rows.
 */
export function sampleExperiment(options: SampleOptions = {}): Experiment {
  const {
    nClients = 3,
    rowsPerClient = 60,
    k = 4,
    nRounds = 4,
    withRows = true,
    groups,
    noise,
    clientStart = false,
  } = options;
  const draw = draws(7);
  const centre = (cluster: number, axis: number) =>
    4 * Math.cos((2 * Math.PI * cluster) / k - (axis * Math.PI) / 2);
  const clients = Array.from({ length: nClients }, (_, c): ClientFacts => {
    const positions = Float64Array.from({ length: 2 * rowsPerClient }, (_, i) => {
      return centre((i >> 1) % k, i % 2) + draw() + draw() - 1;
    });
    return {
      name: c === 1 ? "The Royal Infirmary of Edinburgh and its Outpatient Clinics" : `client ${c}`,
      nSamples: rowsPerClient + c,
      nGroups: groups === undefined ? null : rowsPerClient,
      points: withRows
        ? {
            features: positions,
            positions,
            nPoints: rowsPerClient,
            weights:
              groups === "drawn" ? Float64Array.from({ length: rowsPerClient }, (_, i) => 5 + (i % 5)) : null,
          }
        : null,
    };
  });
  const rounds = Array.from({ length: nRounds }, (_, round): RoundFacts => {
    const means = Float64Array.from({ length: 2 * k }, (_, i) => centre(i >> 1, i % 2) + 1.5 / (1 + round));
    const isNoisy = noise !== undefined;
    const asked = round > 0 || clientStart;
    const sent = clients.map((_, client) => localOf(client, round, k, centre));
    const locals = groups === undefined ? sent : sent.map((local) => ({ ...local, withheld: [] }));
    return {
      round,
      means,
      positions: means,
      k,
      sizes: asked ? Array.from({ length: k }, (_, cluster) => 10 * (cluster + 1)) : null,
      carriedOver: [],
      change: round === 0 ? null : 1 / 10 ** round,
      standardErrors: isNoisy && round > 0 ? new Array<number>(k).fill(noise) : null,
      inertia: isNoisy ? null : 100 / (1 + round),
      locals: asked && !isNoisy ? locals : [],
      areLocalsRecorded: !isNoisy,
      dropped: [],
      lost: [],
    };
  });
  return {
    directory: "logs/experiment_20251107_160054",
    status: "completed",
    note: null,
    problems: [],
    algorithm: noise === undefined ? "fkm" : "dp-lloyd",
    isOneShot: false,
    lastRound: nRounds - 1,
    scoredRound: nRounds - 1,
    converged: true,
    cycleLength: null,
    tolerance: noise === undefined ? 1e-4 : null,
    nFeatures: 2,
    axes: ["width (standardized)", "height (standardized)"],
    explained: [],
    original: [
      { name: "width", factor: 10, offset: 100 },
      { name: "height", factor: 0.5, offset: 3 },
    ],
    clients,
    rounds,
    metrics: {
      inertia: 25,
      silhouetteScore: 0.5,
      simplifiedSilhouetteScore: 0.6,
      adjustedRandIndex: 0.9,
      normalizedMutualInformation: null,
      contingency: null,
      nSamples: 100,
      nSamplesInInertia: 100,
    },
    metricsOf: "rows",
    stability: null,
    noise: noise === undefined ? null : { epsilon: 0.5, delta: 1e-6 },
    groups: groups === undefined ? null : { count: nClients * rowsPerClient, least: 5, most: 9 },
  };
}

function localOf(
  client: number,
  round: number,
  k: number,
  centre: (cluster: number, axis: number) => number,
): LocalFacts {
  const sent = Array.from({ length: k - 1 }, (_, cluster) => cluster).filter(
    (cluster) => client > 0 || cluster > 0,
  );
  return {
    client,
    positions: Float64Array.from(
      sent.flatMap((cluster) => [centre(cluster, 0) + 0.2 * client, centre(cluster, 1)]),
    ),
    counts: sent.map((cluster) => 4 * (cluster + 1)),
    origins: sent.map((cluster) => (round === 0 ? null : cluster)),
    targets: sent,
    withheld: [{ origin: round === 0 ? null : k - 1, count: 1 }],
  };
}

export function still(roundIndex: number, view: View): Frame {
  return { kind: "still", roundIndex, view, name: "still" };
}

export function moving(roundIndex: number, step: Step, progress: number): Frame {
  return { kind: "motion", roundIndex, step, progress, name: "moving" };
}
