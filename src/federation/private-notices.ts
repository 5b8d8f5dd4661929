import { theSetting } from "../errors.js";
import { plural } from "../printable.js";
import { epsilonOf } from "../privacy/gaussian-account.js";
import type { PrivateOptions } from "../workflow/clustering/algorithm.js";
import {
  LEAST_SIGNAL,
  type Plan,
  type PublicFigures,
  planOf,
  signalOf,
} from "../workflow/clustering/dp-plan.js";
import { type Notice, serverNotice } from "../workflow/notice.js";
import { describeDelta } from "../workflow/protection.js";
import { epsilonText } from "./client/budget/epsilon-text.js";

/** What a run of differential privacy is planned by; public, all of it. */
export interface PlannedRun {
  readonly terms: PrivateOptions;
  readonly figures: PublicFigures;
  readonly plan: Plan;
  /** Rounds after the start: as many as are planned, or as are allowed. */
  readonly rounds: number;
}

/**
 * @param k number of clusters wanted
 * @param features that are clustered
 * @param clients each of which adds all of the noise
 * @param maxIterations rounds at most
 */
export function plannedRun(
  terms: PrivateOptions,
  k: number,
  features: number,
  clients: number,
  maxIterations: number,
): PlannedRun {
  const figures = { rows: terms.declaredRows, features, clusters: k, mu: terms.mu, clients };
  const plan = planOf(figures);
  return { terms, figures, plan, rounds: Math.min(plan.rounds, maxIterations) };
}

/** Share of the run's mu^2 that its questions spend: less than nearly 1 where fewer rounds are allowed than planned. */
export function shareSpent({ plan, rounds }: PlannedRun): number {
  const asked = plan.shares.subarray(0, plan.startQuestions + rounds);
  return asked.reduce((sum, share) => sum + share, 0);
}

/** What a run of differential privacy is and, before anything is spent, where noise outweighs rows: a line each. */
export function privateNotices(run: PlannedRun): Notice[] {
  const { terms, plan, rounds } = run;
  const questions = plural(plan.startQuestions + rounds, "question");
  const text =
    `epsilon ${terms.epsilon}, delta ${describeDelta(terms.delta)} for any single row, of ${terms.declaredRows} declared: each client ` +
    `answers ${questions}, with noise (${plan.startQuestions} for the start, ${plural(rounds, "round")})`;
  const short =
    `${theSetting("maxIterations")} leaves out ${plan.rounds - rounds} of ${plan.rounds} planned rounds: the run spends ` +
    `epsilon ${epsilonText(terms.mu ** 2 * shareSpent(run), terms.delta)}, and the rows keep what it leaves`;
  const warning = tooLittle(run.figures, terms);
  return [text, ...(rounds < plan.rounds ? [short] : []), ...(warning === null ? [] : [warning])].map(
    serverNotice,
  );
}

/** Standard deviation of the noise on a cluster were the whole budget one question, in rows: what `signalOf` divides by. */
export function noiseInRows({ features, mu, clients }: PublicFigures): number {
  return Math.sqrt(clients * features) / mu;
}

/** null where rows can be told from noise */
function tooLittle(figures: PublicFigures, { delta }: PrivateOptions): string | null {
  const signal = signalOf(figures);
  if (signal >= LEAST_SIGNAL) return null;
  const noise = noiseInRows(figures);
  const cluster = figures.rows / figures.clusters;
  return (
    `too small an epsilon for so few rows: on clusters of about ${inDigits(cluster)} rows comes noise of ${inDigits(noise)} or more, ` +
    `and what comes out may owe more to noise than to rows; enough would be ${enough(figures, delta).join(", or ")}`
  );
}

/** What each figure, alone, has to be for the least signal. */
function enough(figures: PublicFigures, delta: number): string[] {
  const { rows, features, clusters, mu } = figures;
  const factor = LEAST_SIGNAL / signalOf(figures);
  const epsilon = roundedUp(epsilonOf(mu * factor, delta));
  const enoughRows = roundedUp(rows * factor);
  const fewer = Math.floor(clusters / factor);
  const narrower = Math.floor(features / (factor * factor));
  return [
    `${theSetting("epsilon")} ${epsilon}`,
    // For more rows than delta allows it would be another delta, and so another noise.
    ...(enoughRows * delta < 1 ? [`${enoughRows} rows`] : []),
    ...(fewer >= 2 ? [`${theSetting("kGlobal")} ${fewer}`] : []),
    ...(narrower >= 1 ? [plural(narrower, "feature")] : []),
  ];
}

/** To two digits, so that it is enough. */
function roundedUp(value: number): number {
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / step - 1e-9) * step).toPrecision(2));
}

function inDigits(rows: number): string {
  return rows >= 100 ? String(Math.round(rows)) : String(Number(rows.toPrecision(2)));
}
