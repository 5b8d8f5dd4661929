import { exp, log } from "../../numerics/elementary.js";

/*
 * How `dp-lloyd` spends its budget, by a rule of public figures alone: a choice that looked at rows would have to be paid
 * for. Its constants were found by searches on some 350 generated mixtures (300 to 9,000 rows, 2 to 10 features, 2 to 16
 * clusters; round, stretched, with heavy tails; of equal and unequal sizes; off the middle of the box).
 * docs/differential-privacy.md has what it comes to on other data.
 */

/** What anybody may know of a run. */
export interface PublicFigures {
  /** Number of rows as declared: a factor of two off costs little. */
  readonly rows: number;
  /** d, the number of features. */
  readonly features: number;
  /** k, the number of clusters wanted. */
  readonly clusters: number;
  /** The run's privacy as that of one Gaussian mechanism: mu-GDP (Dong, Roth & Su 2022). */
  readonly mu: number;
  /** How many clients add noise of their own. */
  readonly clients: number;
}

/** The questions of a run: some with more centres than clusters are wanted, then some with one for each cluster. */
export interface Plan {
  /** Rows a cluster over the noise of their count, were the whole budget one question: what can be learned at all. */
  readonly signal: number;
  /** Centres of the questions of the start. */
  readonly startCentres: number;
  readonly startQuestions: number;
  /** Questions with k centres, one a round. */
  readonly rounds: number;
  /** (T,) each question's share of mu^2, of the start's and then the rounds'; their sum is at most 1. */
  readonly shares: Float64Array;
  /** How much of the box the centres of the first question fill, from 0 to 1 of its half-width. */
  readonly startScale: number;
  /** The first radius in half-diagonals of the box, were there one centre. */
  readonly radius: number;
  /** Cells of fewer rows than this many standard deviations of the noise of their count are taken for empty. */
  readonly heavy: number;
  /** Whether the centres of empty cells go where rows are. */
  readonly movesEmpty: boolean;
}

/** What the rule says of one range of the signal. `flat` is for up to three features, `deep` for more. */
interface Line {
  /** From this signal on. */
  readonly from: number;
  readonly centresPerCluster: number;
  readonly startQuestions: readonly [flat: number, deep: number];
  readonly rounds: number;
  /** Of mu^2, what all questions of the start have together. */
  readonly startShare: number;
  readonly startScale: readonly [flat: number, deep: number];
  readonly radius: readonly [flat: number, deep: number];
  readonly heavy: number;
  readonly movesEmpty: boolean;
}

/**
 * The less there is to learn, the fewer and smaller the steps: under a signal of 3 it is the data-free start that clusters
 * mostly are, and a cell that seems to have rows may have none.
 */
const RULE: readonly Line[] = [
  {
    ...{ from: 0, centresPerCluster: 1, startQuestions: [1, 1], rounds: 6, startShare: 0.2 },
    ...{ startScale: [0.5, 0.5], radius: [0.3, 0.3], heavy: 1.5, movesEmpty: false },
  },
  {
    ...{ from: 1.5, centresPerCluster: 2, startQuestions: [1, 1], rounds: 6, startShare: 0.4 },
    ...{ startScale: [0.5, 0.5], radius: [0.45, 0.3], heavy: 1.5, movesEmpty: false },
  },
  {
    ...{ from: 3, centresPerCluster: 2, startQuestions: [2, 3], rounds: 6, startShare: 0.55 },
    ...{ startScale: [0.6, 0.5], radius: [0.5, 0.2], heavy: 0.25, movesEmpty: true },
  },
  {
    ...{ from: 12, centresPerCluster: 4, startQuestions: [3, 3], rounds: 6, startShare: 0.6 },
    ...{ startScale: [0.6, 0.6], radius: [0.45, 0.25], heavy: 0.5, movesEmpty: true },
  },
  {
    ...{ from: 30, centresPerCluster: 4, startQuestions: [3, 3], rounds: 5, startShare: 0.5 },
    ...{ startScale: [0.6, 0.6], radius: [0.5, 0.5], heavy: 1, movesEmpty: true },
  },
];

/** Features up to which a box has few corners. */
const FLAT = 3;

/** The last round weighs as much as so many others: what it answers is what the run ends with. */
const LAST_ROUND = 2;

/** What all shares add up to: so little below 1 that it costs nothing, and their sum is at most 1 however it is rounded. */
const WHOLE = 1 - 2 ** -40;

/** Below this signal next to nothing can be learned of the rows. */
export const LEAST_SIGNAL = 1.5;

/** @example signalOf({ rows: 342, features: 4, clusters: 3, mu: 0.25, clients: 1 }) // => 14.25 */
export function signalOf({ rows, features, clusters, mu, clients }: PublicFigures): number {
  return (rows * mu) / (Math.sqrt(clients) * clusters * Math.sqrt(features));
}

/** @param figures all positive */
export function planOf(figures: PublicFigures): Plan {
  const signal = signalOf(figures);
  const line = RULE.findLast(({ from }) => signal >= from)!;
  const at = figures.features <= FLAT ? 0 : 1;
  const startQuestions = line.startQuestions[at];
  return {
    signal,
    startCentres: line.centresPerCluster * figures.clusters,
    startQuestions,
    rounds: line.rounds,
    shares: sharesOf(startQuestions, line.rounds, line.startShare),
    startScale: line.startScale[at],
    radius: line.radius[at],
    heavy: line.heavy,
    movesEmpty: line.movesEmpty,
  };
}

function sharesOf(startQuestions: number, rounds: number, startShare: number): Float64Array {
  const start = (WHOLE * startShare) / startQuestions;
  const round = (WHOLE * (1 - startShare)) / (rounds - 1 + LAST_ROUND);
  const shares = new Float64Array(startQuestions + rounds).fill(start);
  shares.fill(round, startQuestions);
  shares[shares.length - 1] = LAST_ROUND * round;
  return shares;
}

/** How the budget of one question is divided: what its counts and its spread have not is its sums'. */
export interface Division {
  readonly shareCount: number;
  readonly shareSpread: number;
}

/** While cells are found by their counts: a cell without rows that seems to have some takes a centre from one that has. */
export const START_DIVISION: Division = { shareCount: 0.45, shareSpread: 0.1 };

/** A row near its centre moves the mean by little, so that a mean is good where its count is not. */
export const ROUND_DIVISION: Division = { shareCount: 0.05, shareSpread: 0.1 };

/**
 * The radius that sums are clipped at before anything is known of the rows, in units of the box: of the half-diagonal, as
 * much as a cell has of the box's volume, times the rule's factor. The noise of a sum is in proportion to it.
 *
 * @param centres K
 */
export function publicRadius({ radius }: Plan, features: number, centres: number): number {
  // The d-th root by exp and log of the project's own: the engine's powers differ from host to host.
  return Math.sqrt(features) * radius * exp(-log(centres) / features);
}
