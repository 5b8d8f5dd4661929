import type { Experiment } from "../../read/experiment.js";
import type { CardFrame } from "../frames/frame.js";
import { ease, part } from "../frames/phases.js";
import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { countText, measureText, noiseText, plural } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";
import type { Whole } from "./stage.js";

/* What the run is, before its first round, and how it ended, after its last one. */

const TITLE = 46;
const LINE = 21;
const SCORE = 21;
const SCORE_WIDTH = 140;
/** How far the title rises as it goes. */
const RISE = 34;

/** What a run is: a headline, and a line each of who took part and of what was done. */
export function titleTexts({ clients, algorithm, rounds, nFeatures, groups, noise }: Experiment): string[] {
  const known = clients.flatMap(({ nSamples }) => nSamples ?? []);
  const isKnown = known.length === clients.length && known.length > 0;
  const rows = isKnown
    ? [
        plural(
          known.reduce((total, count) => total + count, 0),
          "row",
        ),
      ]
    : [];
  const inGroups = groups === null || groups.count === null ? [] : [plural(groups.count, "group")];
  const data = [...rows, ...inGroups].join(" in ");
  const who = [
    ...(clients.length === 0 ? [] : [plural(clients.length, "client")]),
    ...(data === "" ? [] : [data]),
    plural(nFeatures, "feature"),
  ];
  const what = [
    ...(algorithm === null ? [] : [algorithm]),
    `k = ${countText(rounds[0].k)}`,
    ...(noise === null ? [] : [noiseText(noise)]),
  ];
  return ["Federated k-means", who.join(", "), what.join(", ")];
}

/**
 * The title over the scene, which is pale below it.
 *
 * @param progress how far it has given way to the scene, 0 to 1
 */
export function cardMarks({ layout, stage }: Whole, progress: number): Mark[] {
  if (progress >= 1) return [];
  const { theme, experiment } = stage;
  const { width, height } = layout;
  const text = 1 - ease(part(progress, 0, 0.6));
  const rise = RISE * ease(part(progress, 0, 0.8));
  const [headline, ...lines] = titleTexts(experiment);
  const title = stage.title ?? headline;
  const middle = {
    kind: "text",
    x: width / 2,
    align: "center",
    maxWidth: width - 60,
    opacity: text,
  } as const;
  const size = Math.min(TITLE, (TITLE * (width - 60)) / textWidth(title, TITLE, "semibold"));
  return [
    { kind: "rect", x: 0, y: 0, width, height, fill: theme.background, opacity: 0.9 * (1 - ease(progress)) },
    {
      ...middle,
      y: height * 0.44 - rise,
      text: title,
      size,
      weight: "semibold",
      fill: theme.text,
    },
    ...lines.map(
      (line, i): Mark => ({
        ...middle,
        y: height * 0.44 + 44 + i * 32 - rise,
        text: line,
        size: LINE,
        fill: i === 0 ? theme.text : theme.muted,
      }),
    ),
  ];
}

/** The final scores, at the right of the caption. */
export function closingMarks({ layout, stage }: Whole, { progress, roundIndex }: CardFrame): Mark[] {
  const { theme, experiment } = stage;
  if (experiment.rounds[roundIndex].round !== experiment.scoredRound) return [];
  const scores = scoresOf(experiment);
  const opacity = ease(progress);
  return scores.flatMap(([name, value], i): Mark[] => {
    const x = layout.scores.x - (scores.length - 1 - i) * SCORE_WIDTH;
    const text = { kind: "text", x, align: "right", opacity } as const;
    return [
      {
        ...text,
        y: layout.scores.y - 15,
        text: measureText(value),
        size: SCORE,
        weight: "semibold",
        fill: theme.text,
      },
      { ...text, y: layout.scores.y, text: name, size: SIZES.tick, fill: theme.muted },
    ];
  });
}

/** The scores of the final means that are known, with their names. */
export function scoresOf({ metrics, metricsOf, groups }: Experiment): [name: string, value: number][] {
  const all: [string, number | null][] = [
    ["Adjusted Rand index", metrics.adjustedRandIndex],
    metrics.silhouetteScore === null
      ? ["Simplified silhouette", metrics.simplifiedSilhouetteScore]
      : ["Silhouette", metrics.silhouetteScore],
    [groups === null ? "Inertia" : `Inertia of ${metricsOf}`, metrics.inertia],
  ];
  return all.filter((score): score is [string, number] => score[1] !== null);
}
