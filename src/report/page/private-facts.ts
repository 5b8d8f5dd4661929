import { NUMBER } from "../../directory/json-object.js";
import type { LoggedRound } from "../../directory/read-experiment.js";
import { type LoggedSummary, settingOf } from "../../directory/read-summary.js";
import { epsilonText } from "../../federation/client/budget/epsilon-text.js";
import { integerSigma, muOf } from "../../privacy/gaussian-account.js";
import { UNIT } from "../../privacy/integer-sums.js";
import {
  type Plan,
  type PublicFigures,
  planOf,
  ROUND_DIVISION,
  START_DIVISION,
} from "../../workflow/clustering/dp-plan.js";
import { describeDelta } from "../../workflow/protection.js";

/** What a run under differential privacy was held to, all of it from public figures. */
export interface PrivateFacts {
  /** Of each client, in this run, for one row more or less. */
  readonly epsilon: number;
  readonly delta: number;
  /** Rows of the federation, as declared. */
  readonly declaredRows: number;
  /** What the run could spend, as the privacy of one Gaussian mechanism. */
  readonly mu: number;
  /** What its questions spent: all of it, but of a run of fewer rounds than planned. */
  readonly muSpent: number;
  readonly figures: PublicFigures;
  readonly plan: Plan;
  /** One a question that was asked, in their order; of a run that was cut short one more may have been. */
  readonly questions: readonly PrivateQuestionFacts[];
}

/** What of a question follows from public figures. */
export interface PrivateQuestionFacts {
  /** Round that it was asked in; 0 is the start. */
  readonly round: number;
  /** K */
  readonly centres: number;
  /** Its share of mu^2. */
  readonly share: number;
  /** Standard deviation of the noise that a client adds to each count, in rows. */
  readonly countSigma: number;
  /** Numbers that are of rows, with noise, in an answer: K counts, K d sums and one spread. */
  readonly numbers: number;
}

/** Of a run under differential privacy; null of another, or where its record does not say. */
export function privateFactsOf(
  summary: LoggedSummary,
  rounds: readonly Pick<LoggedRound, "round">[],
): PrivateFacts | null {
  const [epsilon, delta, declaredRows, clusters] = ["epsilon", "delta", "declared_rows", "k_global"].map(
    (name) => settingOf(summary, name, NUMBER),
  );
  const { n_features: features, clients } = summary;
  if (!isPrivate(summary) || !epsilon || !delta || !declaredRows || !clusters || !features) return null;
  const mu = muOf(epsilon, delta);
  const figures = { rows: declaredRows, features, clusters, mu, clients: clients.length };
  const plan = planOf(figures);
  const asked = plan.startQuestions + Math.max(0, ...rounds.map(({ round }) => round));
  const questions = [...plan.shares].slice(0, asked).map((share, question): PrivateQuestionFacts => {
    const isStart = question < plan.startQuestions;
    const centres = isStart ? plan.startCentres : clusters;
    const { shareCount } = isStart ? START_DIVISION : ROUND_DIVISION;
    return {
      round: isStart ? 0 : question - plan.startQuestions + 1,
      centres,
      share,
      countSigma: integerSigma(UNIT, mu * mu * share * shareCount) / UNIT,
      numbers: centres * (1 + features) + 1,
    };
  });
  const spent = questions.reduce((sum, { share }) => sum + share, 0);
  const isWhole = summary.status !== "completed" || questions.length === plan.shares.length;
  const muSpent = isWhole ? mu : mu * Math.sqrt(spent);
  return { epsilon, delta, declaredRows, mu, muSpent, figures, plan, questions };
}

/** Whether all that left a client has noise. */
export function isPrivate({ isOurs, clients }: Pick<LoggedSummary, "isOurs" | "clients">): boolean {
  return isOurs && clients.length > 0 && clients.every(({ privacy }) => privacy?.mode === "dp");
}

/** What was spent, in few words: "epsilon 4 at delta 1e-6". */
export function privacyText({ muSpent, delta }: Pick<PrivateFacts, "muSpent" | "delta">): string {
  return `epsilon ${epsilonText(muSpent ** 2, delta)} at delta ${describeDelta(delta)}`;
}
