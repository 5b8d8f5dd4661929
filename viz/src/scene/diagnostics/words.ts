import type { Experiment } from "../../read/experiment.js";
import type { Scree } from "../../read/scree.js";
import { mostExact, type Silhouettes } from "../../read/silhouette.js";
import { countText, groupsText, measureText, plural } from "../text/numbers.js";
import type { Matrix } from "./matrix.js";

/** What a page of diagnostics has. */
export interface Parts {
  /** null where the directory has no points, or those of one cluster only. */
  readonly silhouettes: Silhouettes | null;
  /** Rows of each class by cluster; null where nothing is known of classes. */
  readonly classes: Matrix | null;
  /** null where nothing is known of components. */
  readonly scree: Scree | null;
  /** null where clusters were not looked for in resamples. */
  readonly stability: Matrix | null;
}

/** "Diagnostics of 8 clients, 5 clusters". */
export function headlineOf({ clients, rounds }: Experiment): string {
  const ofClients = clients.length === 0 ? "" : `${plural(clients.length, "client")}, `;
  return `Diagnostics: ${ofClients}${plural(rounds.at(-1)!.k, "cluster")}`;
}

/** The verdict in one line. */
export function subtitleOf(experiment: Experiment, { silhouettes, scree, classes }: Parts): string {
  const { round } = experiment.rounds.at(-1)!;
  if (silhouettes === null) {
    if (scree === null && classes === null)
      return `How far the clusters of round ${round} were found again in resamples.`;
    if (scree === null) return `Clusters under the means of round ${round}, and the classes of their rows.`;
    const two = scree.shares.slice(0, 2).reduce((sum, share) => sum + share, 0);
    return `The first two principal components explain ${Math.round(100 * two)} % of the variance.`;
  }
  const { mean, of, coefficients } = silhouettes;
  const below = coefficients.reduce((count, value) => count + Number(value < 0), 0);
  const count = `${plural(coefficients.length, of === "groups" ? "group" : of === "rows" ? "row" : "point")}`;
  const negative =
    below === 0
      ? `, and none of ${count} has a negative one`
      : `; ${countText(below)} of ${count} ${below === 1 ? "has" : "have"} a negative one`;
  return `Under the means of round ${round}, the mean silhouette is ${mean.toFixed(3)}${negative}.`;
}

/** A caption as one stands below a figure in a paper; it says what the directory lacks, too. */
export function captionOf(experiment: Experiment, parts: Parts): string {
  const isFirst = parts.silhouettes === null;
  return [
    ...silhouetteSentences(experiment, parts.silhouettes),
    ...classSentences(experiment, parts.classes, isFirst ? "A" : "C"),
    ...screeSentences(parts.scree, SCREE_LETTERS[Number(!isFirst) * 2 + Number(parts.classes !== null)]),
    ...stabilitySentences(experiment, parts),
    ...lackSentences(experiment, parts),
    ...(experiment.note === null ? [] : [experiment.note]),
  ].join(" ");
}

function silhouetteSentences(experiment: Experiment, silhouettes: Silhouettes | null): string[] {
  if (silhouettes === null) return [];
  const { clients, groups, nFeatures } = experiment;
  const { kind, of, weights, coefficients, nClients, clusters } = silhouettes;
  const n = countText(coefficients.length);
  const whose =
    nClients === clients.length ? plural(nClients, "client") : `${nClients} of ${clients.length} clients`;
  const how =
    kind === "exact"
      ? `Exact silhouette coefficients of ${n} ${of} of ${whose}, from the distances of all pairs`
      : `Simplified silhouette coefficients of ${n} ${of} of ${whose}, from the distances to the means ` +
        `(exact ones, of all pairs, are computed of up to ${countText(mostExact(nFeatures))} points)`;
  // Of rows and groups together, the number of all groups is not that of those counted here.
  const behind = groups === null || of !== "groups" ? "" : ` (${groupsText(groups)})`;
  const counted = weights === null ? "" : `; ${of === "groups" ? "each" : "a group"} counts with its rows`;
  const empty = clusters.filter(({ mean }) => mean === null).length;
  return [
    `(A) ${how}${behind}${counted}: 1 is well inside its cluster, 0 between two, below 0 nearer to another.`,
    "Dark lines: the mean of a cluster; dashed: of all.",
    ...recordedSentences(experiment, silhouettes),
    "(B) Their means by client, a line each.",
    ...(empty === 0
      ? []
      : [`${plural(empty, "cluster")} without any ${empty === 1 ? "is" : "are"} not shown.`]),
  ];
}

/** By what stands before it: silhouettes take two letters, classes one. */
const SCREE_LETTERS = ["A", "B", "C", "D"] as const;

function classSentences(
  { metrics, metricsOf }: Experiment,
  classes: Matrix | null,
  letter: string,
): string[] {
  if (classes === null) return [];
  const scores = (
    [
      ["adjusted Rand index", metrics.adjustedRandIndex],
      ["normalized mutual information", metrics.normalizedMutualInformation],
    ] as const
  ).flatMap(([name, value]) => (value === null ? [] : [`${name} ${measureText(value)}`]));
  const what = metricsOf === "rows" ? "Rows" : "Rows of groups";
  const scored = scores.length === 0 ? "" : `: ${scores.join(", ")}`;
  return [`(${letter}) ${what} of each class in each cluster; shades are shares of a class${scored}.`];
}

function screeSentences(scree: Scree | null, letter: string): string[] {
  if (scree === null) return [];
  const { shares, of, nAll } = scree;
  const sum = shares.reduce((total, share) => total + share, 0);
  const rest =
    shares.length < nAll
      ? `; the ${shares.length} recorded of ${nAll} come to ${(100 * sum).toFixed(1)} %`
      : "";
  const whose = of === "recorded" ? "that the run recorded" : `of the ${of}`;
  return [`(${letter}) Shares of the variance that the principal components ${whose} explain${rest}.`];
}

/** It stands after all others. */
function stabilitySentences({ stability }: Experiment, parts: Parts): string[] {
  if (stability === null || parts.stability === null) return [];
  const before =
    2 * Number(parts.silhouettes !== null) + Number(parts.classes !== null) + Number(parts.scree !== null);
  const letter = "ABCDE"[before];
  return [
    `(${letter}) Jaccard similarity of each cluster with the most similar one of ${plural(stability.resamples, "resample")} of the ` +
      `${stability.of}: recovered from 0.75 on, dissolved up to 0.5 (Hennig 2007).`,
  ];
}

/** What the directory lacks for a part. */
function lackSentences(experiment: Experiment, { silhouettes, classes, scree }: Parts): string[] {
  const { clients, nFeatures } = experiment;
  const sentences: string[] = [];
  if (silhouettes === null) {
    const isKnown = clients.some(({ points }) => points !== null);
    sentences.push(
      isKnown
        ? "All points are in one cluster, so that there are no silhouettes."
        : "Neither rows nor groups of rows are recorded, which silhouettes need.",
    );
  }
  if (scree === null) {
    sentences.push(
      nFeatures > 2
        ? "Principal components are not recorded."
        : `With ${plural(nFeatures, "feature")} there are no principal components.`,
    );
  }
  if (classes === null) sentences.push("Rows by class are not recorded.");
  return sentences;
}

function recordedSentences(
  { metrics, metricsOf, rounds, scoredRound }: Experiment,
  silhouettes: Silhouettes,
): string[] {
  if (scoredRound !== rounds.at(-1)!.round || silhouettes.of !== metricsOf) return [];
  const { silhouetteScore, simplifiedSilhouetteScore } = metrics;
  const recorded = silhouettes.kind === "exact" ? silhouetteScore : simplifiedSilhouetteScore;
  if (recorded === null) return [];
  return [`The mean that the run recorded: ${measureText(recorded)}.`];
}
