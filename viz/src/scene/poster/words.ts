import type { Experiment } from "../../read/experiment.js";
import type { Profile } from "../../read/profile.js";
import { sentenceOf } from "../frames/sentence.js";
import { countText, groupsText, measureText, noiseText, plural } from "../text/numbers.js";
import { hasCurves } from "./convergence.js";
import type { HeatTable } from "./heat-table.js";
import { hasSmallLocals } from "./maps.js";
import { shownFeatures } from "./profile-marks.js";

/* What a poster says in words: facts of the directory, and nothing where it has none. */

/** What differs by less, relatively, is the same. */
const ROUNDING = 1e-9;

/** "8 clients, 5 clusters, 10 rounds"; "3 of 10 rounds" where later ones are not drawn. */
export function headlineOf({ clients, rounds, isOneShot, lastRound, status }: Experiment): string {
  const last = rounds.at(-1)!;
  const all = lastRound ?? last.round;
  const drawn = all > last.round ? `${last.round} of ${plural(all, "round")}` : plural(last.round, "round");
  return [
    ...(clients.length === 0 ? [] : [plural(clients.length, "client")]),
    plural(last.k, "cluster"),
    isOneShot ? "one exchange" : status === "running" ? `${drawn} so far` : drawn,
  ].join(", ");
}

/** How the run ended, and what came of it. */
export function verdictOf(experiment: Experiment): string {
  const { rounds, metrics, metricsOf, groups, scoredRound, noise } = experiment;
  const last = rounds.at(-1)!;
  const ending = sentenceOf(experiment, rounds.length - 1, "global");
  const [first, end] = [rounds[0].inertia, last.inertia];
  const change =
    first !== null && end !== null && first > 0 && rounds.length > 1 ? (end - first) / first : null;
  const of = groups === null ? "" : " of groups";
  const inertia =
    change === null
      ? []
      : [
          Math.abs(change) < ROUNDING
            ? `Inertia${of} ${measureText(end)}, as at the start.`
            : `Inertia${of} ${change < 0 ? "fell" : "rose"} by ${percent(Math.abs(change))} to ${measureText(end)}.`,
        ];
  const scores =
    scoredRound !== last.round
      ? []
      : (
          [
            ["adjusted Rand index", metrics.adjustedRandIndex],
            ["silhouette", metrics.silhouetteScore],
            ["inertia", noise === null ? null : metrics.inertia],
            [
              "simplified silhouette",
              metrics.silhouetteScore === null ? metrics.simplifiedSilhouetteScore : null,
            ],
          ] as const
        ).flatMap(([name, value]) => (value === null ? [] : [`${name} ${measureText(value)}`]));
  const scored =
    scores.length === 0
      ? []
      : [
          `${capital(scores.join(", "))}${groups === null && noise === null ? "" : ` (of ${metricsOf}${noise === null ? "" : ", without noise"})`}.`,
        ];
  return [ending, ...inertia, ...scored].join(" ");
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(share < 0.1 ? 2 : 3))} %`;
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

/** What of a poster's parts the caption speaks of. */
export interface Parts {
  readonly shownRounds: readonly number[];
  readonly heat: HeatTable;
  readonly profile: Profile | null;
}

/** A caption as one stands below a figure in a paper. */
export function captionOf(experiment: Experiment, parts: Parts): string {
  return [
    runSentence(experiment),
    ...planeSentences(experiment, parts.shownRounds),
    ...haloSentences(experiment),
    ...heatSentences(experiment, parts.heat),
    ...curveSentences(experiment),
    ...profileSentences(parts.profile, experiment.noise !== null),
    ...(experiment.note === null ? [] : [experiment.note]),
  ].join(" ");
}

const ALGORITHMS: Readonly<Record<string, string>> = {
  fkm: "Federated k-means (fkm)",
  lloyd: "Federated Lloyd's k-means (lloyd)",
  "best-lloyd": "Federated Lloyd's k-means from the best of several starts (best-lloyd)",
  "dp-lloyd": "Federated Lloyd's k-means on noisy sums (dp-lloyd)",
  "k-fed": "One-shot federated clustering (k-fed)",
};

function runSentence({ algorithm, clients, rounds, nFeatures, axes, groups, noise }: Experiment): string {
  const name = algorithm === null ? "Federated k-means" : (ALGORITHMS[algorithm] ?? algorithm);
  const rows = rowsOf(clients);
  const whose = clients.length === 0 ? "" : ` of ${plural(clients.length, "client")}`;
  const ofRows = rows === null ? whose : ` of ${plural(rows, "row")}${whose}`;
  const fromGroups = groups === null ? "" : `, computed from ${groupsText(groups)}`;
  const withNoise = noise === null ? "" : `, with noise for ${noiseText(noise)}`;
  const features = nFeatures === 1 ? "one feature" : `${countText(nFeatures)} features`;
  const plane =
    nFeatures > 2 ? `, drawn in the plane of ${axes.filter((axis) => axis !== "").join(" and ")}` : "";
  return `${name}${ofRows} into ${plural(rounds.at(-1)!.k, "cluster")} by ${features}${plane}${fromGroups}${withNoise}.`;
}

/** Rows of all clients; null where the directory does not say. */
function rowsOf(clients: Experiment["clients"]): number | null {
  const counts = clients.map(({ nSamples }) => nSamples);
  if (counts.length === 0 || counts.includes(null)) return null;
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** Whether any global mean is drawn elsewhere than in the round before. */
function haveMoved(rounds: Experiment["rounds"]): boolean {
  return rounds.slice(1).some(({ positions }, i) =>
    positions.some((value, j) => {
      const before = rounds[i].positions[j];
      return before !== undefined && Math.abs(value - before) > ROUNDING * (1 + Math.abs(before));
    }),
  );
}

function planeSentences(experiment: Experiment, shownRounds: readonly number[]): string[] {
  const { rounds, clients } = experiment;
  const [first, last] = [rounds[0].round, rounds.at(-1)!.round];
  const what = drawnOf(experiment);
  const isKnown = clients.some(({ points }) => points !== null);
  const height = experiment.axes[1] === "" && isKnown ? ", stacked" : "";
  const nearest = what === null ? "" : `, over ${what}${height}`;
  const moved = haveMoved(rounds);
  const paths =
    first === last
      ? `(A) Global means of round ${last}${nearest}.`
      : !moved
        ? `(A) Global means of rounds ${first} to ${last}, in which none has moved${nearest}.`
        : `(A) Paths of the global means from round ${first} (hollow) to round ${last} (filled)${nearest}.`;
  const small = shownRounds.some((index) => hasSmallLocals(experiment, index));
  if (shownRounds.length < 2) {
    return small ? [paths, "(B) The same with the local means that clients sent (small)."] : [paths];
  }
  const range = `rounds ${first} ${rounds.length === 2 ? "and" : "to"} ${last}`;
  const all =
    shownRounds.length === rounds.length
      ? `of ${range}`
      : `of six of ${range}: the first, the last, and four between, by how far the means had moved`;
  const colours = isKnown ? "; colours: the nearest mean in that round" : "";
  const arrows = moved
    ? "; arrows: the step from the round before, short ones where it is too small to be drawn as long as it is"
    : "";
  const locals = small ? "; small: the local means of clients" : "";
  return [paths, `(B) Global means ${all}${colours}${locals}${arrows}.`];
}

/** Of noise that is less than a mean's symbol there is no halo. */
function haloSentences({ rounds }: Experiment): string[] {
  const isNoisy = rounds.some(({ standardErrors }) => standardErrors !== null);
  return isNoisy
    ? ["Halos, where larger than the symbols: ± 1 standard error of the noise, as the server estimates it."]
    : [];
}

/** What is drawn below the means. */
function drawnOf(experiment: Experiment): string | null {
  const { clients, rounds } = experiment;
  const points = clients.flatMap((client) => client.points ?? []);
  if (points.length > 0) {
    const areGroups = points.some(({ weights }) => weights !== null);
    const some = points.length < clients.length ? ` of ${plural(points.length, "client")}` : "";
    const areRows = points.some(({ weights }) => weights === null);
    const what = !areGroups
      ? "the rows"
      : areRows
        ? "the rows, or groups where rows are not drawn (area: their rows)"
        : "the groups (area: their rows)";
    return `${what}${some}, each in the colour of the nearest ${lastMean(experiment)}`;
  }
  return rounds.at(-1)!.locals.length === 0 ? null : "the local means of the last round (area: rows)";
}

/** What means of the last round drawn are called, which need not be the run's last. */
function lastMean({ rounds, scoredRound }: Experiment): string {
  const { round } = rounds.at(-1)!;
  return round === scoredRound ? "final mean" : `mean of round ${round}`;
}

function heatSentences(experiment: Experiment, heat: HeatTable): string[] {
  if (heat.basis === null) return [];
  const { groups, rounds, clients } = experiment;
  const mean = lastMean(experiment);
  const known = clients.flatMap(({ points }) => points ?? []);
  const areGroups = groups !== null && known.some(({ weights }) => weights !== null);
  const areRows = known.some(({ weights }) => weights === null);
  const how = {
    final: !areGroups
      ? `nearest to each ${mean}`
      : areRows
        ? `nearest to each ${mean}, or whose group is, where rows are not drawn`
        : `whose group is nearest to each ${mean}`,
    "last round": `by cluster as the local work of round ${rounds.at(-1)!.round} counted them`,
    mixed: `nearest to each ${mean}, or, of clients whose rows are not recorded, as their last local work counted them`,
  }[heat.basis];
  const sum = heat.totals.reduce((all, count) => all + count, 0);
  const rows = rowsOf(clients);
  const counted = rows === null || rows === sum ? "" : ` (${countText(sum)} of ${countText(rows)} are known)`;
  const isWithheld = heat.rows.some(({ withheld }) => withheld.size > 0);
  const lines = heat.isDense ? "; a line a client, sorted by the cluster of most of its rows" : "";
  const withheld = isWithheld ? "; dashed: withheld from the server in the last round" : "";
  return [`(C) Rows of each client ${how}${counted}; shade: share of the client's rows${lines}${withheld}.`];
}

function curveSentences(experiment: Experiment): string[] {
  const has = hasCurves({ experiment });
  const { tolerance, groups } = experiment;
  const inertia = groups === null ? "Inertia" : "Inertia of the groups";
  const movement = `movement of the global means (logarithmic${tolerance === null ? "" : "; dashed: the tolerance"})`;
  if (has.inertia && has.change) return [`(D) ${inertia} and ${movement} by round.`];
  if (has.change) return [`(D) ${capital(movement)} by round.`];
  return has.inertia ? [`(D) ${inertia} by round.`] : [];
}

function profileSentences(profile: Profile | null, isNoisy: boolean): string[] {
  if (profile === null) return [];
  const { features, overall, isOriginal, isRanked } = profile;
  const scale = isOriginal ? "on the original scale" : "on the scale clustered in";
  const nShown = shownFeatures(profile).length;
  const which =
    nShown === features.length
      ? ""
      : ` of ${nShown} of ${countText(features.length)} features${isRanked ? ", those that tell clusters apart most" : ""}`;
  const ranked =
    isRanked && nShown > 1 && nShown === features.length
      ? ", features that tell clusters apart most first"
      : "";
  const line = overall === null ? "" : "; upright line: the mean of all rows";
  return [`(E) ${isNoisy ? "Noisy mean" : "Mean"} of each cluster${which} ${scale}${ranked}${line}.`];
}
