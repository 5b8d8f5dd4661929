import { theSetting, UsageError } from "../errors.js";
import { plannedRun, privateNotices } from "../federation/private-notices.js";
import { plural } from "../printable.js";
import { epsilonOf } from "../privacy/gaussian-account.js";
import { UNIT } from "../privacy/integer-sums.js";
import { sigmasOf } from "../privacy/noisy-sums.js";
import { checkDeclared } from "../workflow/agreement.js";
import { publicRadius, ROUND_DIVISION, START_DIVISION } from "../workflow/clustering/dp-plan.js";
import { findBounded } from "./bounded-partitions.js";
import { boundsOf } from "./bounds-file.js";
import { configure, serverOptionsOf } from "./configuration.js";
import type { Configuration } from "./settings.js";
import { readStart } from "./start-file.js";

/** A question that a run would ask, and the noise that the totals of all clients would have. */
export interface PlannedQuestion {
  /** As a run names it: "start 1", "round 1". */
  readonly name: string;
  readonly centres: number;
  /** Share of the run's mu^2. */
  readonly share: number;
  /** Epsilon of this question and all before it, at the run's delta. */
  readonly epsilonInAll: number;
  /** Standard deviation of the noise of a cluster's size, in rows. */
  readonly countError: number;
  /**
   * Standard error of a mean of rows / clusters rows, in any coordinate, at most: in units of the box, which is 2 wide. It
   * is less where what was answered before lets the question be narrower.
   */
  readonly meanError: number;
}

/** A feature, and how far its means would be off. */
export interface PlannedFeature {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  /** As of the last question, in the feature's unit. */
  readonly meanError: number;
}

/** What a run under differential privacy would ask and how much noise it would have; by public figures alone. */
export interface RunPlan {
  /** Tells it from other results. */
  readonly kind: "plan";
  readonly clients: readonly string[];
  readonly epsilon: number;
  readonly delta: number;
  readonly declaredRows: number;
  readonly clusters: number;
  /** The run as one Gaussian mechanism: mu-Gaussian-DP. */
  readonly mu: number;
  /** Rows of a cluster over the noise on them, were the whole budget one question. */
  readonly signal: number;
  readonly questions: readonly PlannedQuestion[];
  /** Standard deviation of the noise of a cluster's size at the end, which is averaged over rounds, in rows. */
  readonly sizeError: number;
  readonly features: readonly PlannedFeature[];
  /** What to know before the budget is spent, a line each. */
  readonly notices: readonly string[];
}

/**
 * Says what a run under differential privacy would ask, and how much noise its answers would have: no row is read, nothing
 * is asked, spent or written.
 *
 * @param settings as of `run`, `privacy` dp
 * @throws UsageError for a wrong setting, and for another `privacy`; RunError if there are no partitions
 */
export async function planRun(
  settings: Partial<Configuration> & Pick<Configuration, "data">,
): Promise<RunPlan> {
  return planOfConfiguration(configure(settings));
}

/** The same of settings that are complete and checked. */
export async function planOfConfiguration(configuration: Configuration): Promise<RunPlan> {
  const { kGlobal: k, maxIterations, minClients, privacy } = configuration;
  const { privately: terms } = serverOptionsOf(configuration, readStart(configuration.start));
  const bounds = boundsOf(configuration);
  if (terms == null || bounds === null) {
    throw new UsageError(
      `${theSetting("privacy")} must be dp to be planned, found ${privacy}, of which a preview shows what would leave`,
    );
  }
  const { refs, notices } = await findBounded(configuration, bounds);
  if (refs.length < minClients) {
    throw new UsageError(
      `the federation has ${plural(refs.length, "client")}, ${theSetting("minClients")} is ${minClients}`,
    );
  }
  checkDeclared(k, terms.declaredRows);
  const d = bounds.features.length;
  const run = plannedRun(terms, k, d, refs.length, maxIterations);
  const questions = questionsOf(run);
  const { meanError } = questions.at(-1)!;
  const rounds = questions.slice(-run.rounds);
  const sizeError = 1 / Math.sqrt(rounds.reduce((sum, { countError }) => sum + countError ** -2, 0));
  return {
    kind: "plan",
    clients: refs.map(({ client }) => client),
    epsilon: terms.epsilon,
    delta: terms.delta,
    declaredRows: terms.declaredRows,
    clusters: k,
    mu: terms.mu,
    signal: run.plan.signal,
    questions,
    sizeError,
    features: bounds.features.map((name, f) => {
      const [low, high] = [bounds.low[f], bounds.high[f]];
      return { name, low, high, meanError: meanError * (high / 2 - low / 2) };
    }),
    notices: [...notices, ...privateNotices(run).map(({ text }) => text)],
  };
}

function questionsOf({ plan, rounds, terms, figures }: ReturnType<typeof plannedRun>): PlannedQuestion[] {
  const { rows, clusters: k, features: d, clients } = figures;
  const { mu, delta } = terms;
  let spent = 0;
  return Array.from(plan.shares.subarray(0, plan.startQuestions + rounds), (share, question) => {
    const isStart = question < plan.startQuestions;
    const centres = isStart ? plan.startCentres : k;
    const division = isStart ? START_DIVISION : ROUND_DIVISION;
    const sigmas = noiseOf(d, mu * mu * share, division);
    spent += share;
    // Each client adds all of the noise: variances add up.
    const all = Math.sqrt(clients) / UNIT;
    return {
      name: isStart ? `start ${question + 1}` : `round ${question - plan.startQuestions + 1}`,
      centres,
      share,
      epsilonInAll: epsilonOf(mu * Math.sqrt(spent), delta),
      countError: all * sigmas.count,
      meanError: (all * sigmas.sum * publicRadius(plan, d, centres)) / (rows / k),
    };
  });
}

/** @throws RunError where so much or so little cannot be spent on a question */
function noiseOf(d: number, mu2: number, division: typeof START_DIVISION) {
  const centres = { data: new Float64Array(d), nRows: 1, nColumns: d };
  return sigmasOf({ centres, radii: Float64Array.of(1), mu2, ...division });
}
