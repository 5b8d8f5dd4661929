import { RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import { fewerClusters } from "../workflow/cluster-count.js";
import { convergenceChange } from "../workflow/clustering/aggregation.js";
import type { Clustering, Combined } from "../workflow/clustering/algorithm.js";
import { ALGORITHMS } from "../workflow/clustering/algorithms.js";
import { cycleAt, type Trace, traceOf } from "../workflow/clustering/cycle.js";
import { farClients, momentsOfClusters } from "../workflow/far-clients.js";
import { serverNotice } from "../workflow/notice.js";
import { inertiaBefore } from "./round-inertia.js";
import type { Round, RunEvent } from "./run-event.js";
import type { Checkpoint, ServerOptions } from "./server-options.js";

/** What is known of the clients' rows before the first round. */
interface KnownOfRows {
  readonly featureNames: readonly string[] | null;
  /** Whether the clients whose rows lie far from those of others have been named: clients have told of their rows. */
  readonly farClientsNamed: boolean;
}

/** What clustering comes to. */
interface LastMeans {
  /** (k, p) */
  readonly means: Matrix;
  /** Whether the last round moved them by no more than the tolerance. */
  readonly areSettled: boolean;
  /** (k,) rows behind each, as the last round says; null where it does not. */
  readonly sizes: Float64Array | null;
  /** (k,) standard error of each; null where clients add no noise. */
  readonly standardErrors: Float64Array | null;
  readonly sizeError: number | null;
}

/**
 * The start, and rounds after it until the means settle, go round in a cycle, or no more are allowed.
 *
 * @param checkpoint where to go on; null starts at round 0
 * @returns the means of the last round
 */
export async function* clusterInRounds(
  clustering: Clustering,
  options: ServerOptions,
  { featureNames, farClientsNamed: namedBefore }: KnownOfRows,
  checkpoint: Checkpoint | null,
): AsyncGenerator<RunEvent, LastMeans> {
  const { start, rounds, hasMemory } = ALGORITHMS[options.algorithm];
  const { transform } = clustering;
  /** Where nobody was asked about the rows before, clusters tell of them, the first time they are reported. */
  let farClientsNamed = namedBefore;
  function* noticesOf({ locals }: Round, sent: Float64Array | null): Generator<RunEvent> {
    if (farClientsNamed || locals.length === 0) return;
    farClientsNamed = true;
    const told = locals.map(({ client, clusters }) => ({
      client,
      moments: momentsOfClusters(clusters, sent),
    }));
    for (const notice of farClients(told, featureNames)) yield { type: "notice", notice };
  }

  let means: Matrix;
  /** null where a run is gone on with that needs nothing of the rounds before but their means. */
  let last: Combined | null = null;
  let round = 0;
  let change: number | null = null;
  const traces: Trace[] = [];
  if (checkpoint === null) {
    const found = await start(clustering);
    last = found;
    const first: Round = { ...found, round, convergenceChange: null, localClusters: "own" };
    means = first.global.means;
    traces.push(traceOf(means, null));
    yield { type: "round", round: first, transform };
    yield* noticesOf(first, null);
  } else {
    ({ means, round, convergenceChange: change } = checkpoint);
    traces.push(...checkpoint.traces);
    if (hasMemory) last = await again(clustering, options, checkpoint);
  }
  const fewer = fewerClusters(options.k, means.nRows, null);
  if (fewer !== null) yield { type: "notice", notice: serverNotice(fewer) };

  const areSettled = () => change !== null && change <= options.tolerance;
  const isPlanned = () => last?.more !== undefined;
  const converged = () => (isPlanned() ? !last!.more : rounds === null || areSettled());
  // With a tolerance below 0 every round is wanted.
  const cycle = () =>
    rounds === null || isPlanned() || options.tolerance < 0 ? null : cycleAt(traces, rounds.passes);
  while (rounds !== null && round < options.maxIterations && !converged() && cycle() === null) {
    round += 1;
    const sent = means;
    const found = await rounds.run(clustering, round, sent, last?.memory);
    last = found;
    means = found.global.means;
    change = convergenceChange(sent, means);
    const { localClusters } = rounds;
    const done: Round = { ...found, round, convergenceChange: change, localClusters };
    traces.push(traceOf(means, inertiaBefore(done)));
    yield { type: "round", round: done, transform };
    yield* noticesOf(done, sent.data);
  }
  const cycleLength = converged() ? null : cycle();
  yield { type: "clustered", rounds: round, converged: converged(), cycleLength };
  const sizes = last?.global.sizes ?? null;
  const { standardErrors = null, sizeError = null } = last ?? {};
  return { means, areSettled: areSettled(), sizes, standardErrors, sizeError };
}

/** What the rounds before a checkpoint left for the next one, where a directory does not keep it. */
async function again(
  clustering: Clustering,
  options: ServerOptions,
  checkpoint: Checkpoint,
): Promise<Combined> {
  const { start, rounds } = ALGORITHMS[options.algorithm];
  let found = await start(clustering);
  for (let round = 1; round <= checkpoint.round; round++) {
    found = await rounds!.run(clustering, round, found.global.means, found.memory);
  }
  if (holdSame(found.global.means, checkpoint.means)) return found;
  throw new RunError(
    `clients answer otherwise than before the run was cut short: the means of round ${checkpoint.round} are others`,
  );
}

function holdSame(a: Matrix, b: Matrix): boolean {
  return a.nRows === b.nRows && a.data.every((value, i) => value === b.data[i]);
}
