import type { Experiment, RoundFacts } from "../../read/experiment.js";
import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import type { Stage } from "../stage/stage.js";
import { clientTitle } from "../text/names.js";
import { countText, digitsAmong, measureText, plural } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";
import { wrapText } from "../text/wrap.js";
import { chartMarks } from "./chart.js";
import { clusterList, leastListHeight, wantedListHeight } from "./cluster-list.js";
import { type Legend, legendHeight, legendMarks } from "./legend.js";
import { type Block, stackMarks } from "./stack.js";

/* Beside or below the pictures: clusters with their sizes, how far the run has come, who takes part, and what marks mean. */

const PAD = 12;
const HEADING = 22;
const LINE = 18;
const NOTE_LINE = 15;
/** Heights of a curve, with its axes. */
const CURVE = { good: 64, want: 190, upright: 230 } as const;
/** Room for the ticks of both curves' vertical axes, so that their rounds are below each other. */
const GUTTER = 34;
const MOST_NOTES = 3;
/** More clusters than this are many. */
const MANY_CLUSTERS = 20;
/** Least width of a column of an upright picture. */
const COLUMN = 196;

/** What a sidebar shows, by name. */
type Part = "clusters" | "moved" | "inertia" | "participants" | "scores" | "legend";

/** The parts of each column of a sidebar, by how many columns there is room for. */
const COLUMNS: readonly (readonly (readonly Part[])[])[] = [
  [["clusters", "moved", "inertia", "participants", "scores", "legend"]],
  [
    ["clusters", "participants", "scores"],
    ["moved", "inertia", "legend"],
  ],
  [
    ["clusters", "participants"],
    ["moved", "inertia"],
    ["legend", "scores"],
  ],
  [["clusters", "participants"], ["moved"], ["inertia"], ["legend", "scores"]],
];

/**
 * The sidebar of a frame.
 *
 * @param known whether the new means are known; until then, those of the round before are shown
 * @returns its marks, and apart from them those of its legend
 */
export function sidebarMarks(
  stage: Stage,
  roundIndex: number,
  known: boolean,
  legend: Legend,
): { readonly marks: Mark[]; readonly legend: Mark[] } {
  const { layout, theme } = stage;
  const { sidebar } = layout;
  const n = layout.isUpright ? Math.min(4, Math.max(2, Math.floor(sidebar.width / COLUMN))) : 1;
  const many = Math.max(...stage.experiment.rounds.map(({ k }) => k)) > MANY_CLUSTERS;
  // A long list of clusters has two columns of an upright picture's band.
  const isDouble = n > 2 && many;
  const width = sidebar.width / (isDouble ? n + 1 : n);
  const legendShown: Mark[] = [];
  const listWidth = isDouble ? 2 * width : width;
  const parts = partsOf(stage, roundIndex, known, width - 2 * PAD, listWidth - 2 * PAD);
  const length = legendHeight(legend, width - 2 * PAD);
  const legendPart: Block = {
    least: length,
    good: length,
    want: length,
    isLast: !layout.isUpright,
    marks(area) {
      const [heading, ...others] = legendMarks(legend, area, theme);
      legendShown.push(...others);
      return heading === undefined ? [] : [heading];
    },
  };
  const marks: Mark[] = [
    { kind: "rect", ...sidebar, fill: theme.panel, stroke: theme.border, strokeWidth: 1, radius: 6 },
    ...COLUMNS[n - 1].flatMap((names, i): Mark[] => {
      const x = sidebar.x + (i === 0 ? 0 : listWidth + (i - 1) * width);
      const inner = (i === 0 ? listWidth : width) - 2 * PAD;
      const area = { x: x + PAD, y: sidebar.y + 7, width: inner, height: sidebar.height - 14 };
      const blocks = names.flatMap((name) => (name === "legend" ? legendPart : (parts[name] ?? [])));
      const rule = [x, sidebar.y, x, sidebar.y + sidebar.height];
      return [
        ...(i === 0 ? [] : [{ kind: "line", points: rule, stroke: theme.border, width: 1 } as const]),
        ...stackMarks(blocks, area, theme),
      ];
    }),
  ];
  return { marks, legend: legendShown };
}

function partsOf(
  stage: Stage,
  roundIndex: number,
  known: boolean,
  width: number,
  listWidth: number,
): Record<Exclude<Part, "legend">, Block | null> {
  const { experiment, theme, layout } = stage;
  const { rounds } = experiment;
  const shown = known || roundIndex === 0 ? roundIndex : roundIndex - 1;
  const started = known || roundIndex > 0;
  const isGrouped = experiment.groups !== null;
  const counted = experiment.noise !== null ? "rows, noisy" : isGrouped ? "rows of groups" : "rows";
  const k = Math.max(...rounds.map((round) => round.k));
  const largest = Math.max(0, ...rounds.flatMap(({ sizes }) => sizes ?? []));
  const unit = started && rounds[shown].sizes !== null ? counted : "";
  const current = started ? shown : -1;
  const changes = rounds.map(({ change }) => change);
  const inertias = rounds.map(({ inertia }) => inertia);
  const curve = (name: string, values: readonly (number | null)[], isMovement: boolean): Block => ({
    least: HEADING,
    good: HEADING + CURVE.good,
    want: HEADING + (layout.isUpright ? CURVE.upright : CURVE.want),
    marks(area) {
      const text = started ? measureText(values[shown], digitsAmong(values)) : "–";
      const heading = headingMarks(
        name,
        isMovement && started ? measureText(values[shown]) : text,
        area,
        theme,
      );
      const body = below(area, HEADING);
      if (body.height < 0.8 * CURVE.good) return heading;
      const { tolerance } = experiment;
      const reference = isMovement && tolerance !== null ? { value: tolerance, name: "tolerance" } : null;
      const options = {
        first: rounds[0].round,
        log: isMovement,
        reference,
        current,
        xName: null,
        gutter: GUTTER,
      };
      return [...heading, ...chartMarks([{ values, color: theme.accent }], body, options, theme)];
    },
  });
  const participantsHeight =
    HEADING + NOTE_LINE * Math.max(...rounds.map((round) => droppedLines(round, width).length));
  const hasMoved = !experiment.isOneShot && changes.some((change) => change !== null);
  return {
    clusters: {
      least: HEADING + leastListHeight(k, listWidth, largest),
      good: HEADING + leastListHeight(k, listWidth, largest),
      want: HEADING + (layout.isUpright ? k * 21 : wantedListHeight(k, listWidth, largest)),
      marks: (area) => [
        ...headingMarks("Clusters", unit, area, theme),
        ...clusterList(experiment, shown, started, below(area, HEADING), theme),
      ],
    },
    moved: hasMoved ? curve("Means moved by", changes, true) : null,
    inertia: inertias.some((inertia) => inertia !== null)
      ? curve(isGrouped ? "Inertia of groups" : "Inertia", inertias, false)
      : null,
    participants: {
      least: participantsHeight,
      good: participantsHeight,
      want: participantsHeight,
      marks: (area) => [
        ...headingMarks(
          "Participants",
          participants(experiment, rounds[roundIndex], area.width),
          area,
          theme,
        ),
        ...droppedLines(rounds[roundIndex], area.width).map(
          (text, i): Mark => ({
            kind: "text",
            x: area.x,
            y: area.y + HEADING + i * NOTE_LINE + 10,
            text,
            size: SIZES.tick,
            fill: theme.muted,
            maxWidth: area.width,
          }),
        ),
      ],
    },
    scores: scoresBlock(stage, known && rounds[roundIndex].round === experiment.scoredRound),
  };
}

/** A name at the left and a value at the right, which is cut last. */
function headingMarks(
  text: string,
  value: string,
  { x, y, width }: Rect,
  theme: Theme,
  weight: "semibold" | "regular" = "semibold",
): Mark[] {
  const size = SIZES.body;
  const free = width - textWidth(value, size) - 8;
  return [
    { kind: "text", x, y: y + 14, text, size, weight, fill: theme.text, maxWidth: free },
    ...(value === ""
      ? []
      : [
          {
            kind: "text",
            x: x + width,
            y: y + 14,
            text: value,
            size,
            fill: theme.muted,
            align: "right",
            maxWidth: width,
          } as const,
        ]),
  ];
}

function below({ y, height, ...sides }: Rect, used: number): Rect {
  return { ...sides, y: y + used, height: height - used };
}

/** How many clients took part, with the noun where it has room beside the heading. */
function participants({ clients }: Experiment, round: RoundFacts, width: number): string {
  const took = round.locals.length + round.lost.length;
  if (clients.length === 0) return "unknown";
  if (took === 0) return plural(clients.length, "client");
  const whole = `${countText(took)} of ${plural(clients.length, "client")}`;
  const free = width - textWidth("Participants", SIZES.body, "semibold") - 8;
  return textWidth(whole, SIZES.body) <= free ? whole : `${countText(took)} of ${countText(clients.length)}`;
}

/** Who took no part, by why; of more than there is room for, how many. */
function droppedLines({ dropped }: RoundFacts, width: number): string[] {
  const byReason = new Map<string, string[]>();
  for (const { client, reason } of dropped) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), clientTitle(client)]);
  }
  const reasons = [...byReason];
  const lines = (text: string) => wrapText(text, SIZES.tick, width, MOST_NOTES + 1);
  const whole = reasons.flatMap(([reason, names]) => lines(`without ${names.join(", ")}: ${reason}`));
  if (whole.length <= MOST_NOTES) return whole;
  const counted = reasons.flatMap(([reason, names]) =>
    lines(`without ${names.length === 1 ? names[0] : plural(names.length, "client")}: ${reason}`),
  );
  if (counted.length <= MOST_NOTES) return counted;
  return [...counted.slice(0, MOST_NOTES - 1), `without ${plural(dropped.length, "client")} in all`];
}

/** Scores of the means they are of; their room is kept in every frame, so that nothing else moves. */
function scoresBlock({ experiment, theme }: Stage, isShown: boolean): Block | null {
  const { metrics, metricsOf, groups, noise } = experiment;
  const scores = (
    [
      ["Adjusted Rand index", metrics.adjustedRandIndex],
      ["Silhouette", metrics.silhouetteScore],
      ["Silhouette, simplified", metrics.simplifiedSilhouetteScore],
      // It has no curve where nobody knows that of earlier rounds.
      ["Inertia", noise === null ? null : metrics.inertia],
    ] as const
  ).flatMap(([name, value]) => (value === null ? [] : [[name, measureText(value)] as const]));
  if (scores.length === 0) return null;
  const { nSamples, nSamplesInInertia: inInertia } = metrics;
  const isPartial = nSamples !== null && inInertia !== null && inInertia < nSamples;
  const lines = [
    // Whose the scores are, where they could be of either.
    ...(groups === null && noise === null
      ? []
      : [["Scores", `of ${metricsOf}${noise === null ? "" : ", without noise"}`] as const]),
    ...scores,
    ...(isPartial
      ? [["Inertia, simplified: rows", `${countText(inInertia)} of ${countText(nSamples)}`] as const]
      : []),
  ];
  const height = lines.length * LINE + 2;
  return {
    least: isShown ? height : 0,
    good: height,
    want: height,
    marks: (area) =>
      isShown
        ? lines.flatMap(([name, value], i) =>
            headingMarks(
              name,
              value,
              below(area, i * LINE),
              theme,
              name === "Scores" ? "semibold" : "regular",
            ),
          )
        : [],
  };
}
