import type { Experiment, RoundFacts } from "../read/experiment.js";
import type { View } from "./frame.js";
import type { Mark } from "./marks.js";
import { clientTitle } from "./names.js";
import { countText, measureText } from "./numbers.js";
import { type GroupSizes, POINT_OPACITY } from "./point-size.js";
import { sparkline } from "./sparkline.js";
import type { Stage } from "./stage.js";
import { clusterStyle, type Theme } from "./theme.js";

const PAD = 12;
/** More clusters than this stand in two columns. */
const ONE_COLUMN = 12;
const SPARK_HEIGHT = 56;
const LEGEND_HEIGHT = 18;

/**
 * Beside the pictures: clusters with their sizes, who takes part, and how far the run has come.
 *
 * @param known whether the new means are known; until then, those of the round before are shown
 * @param view with groups drawn, what their areas mean
 */
export function sidebarMarks(stage: Stage, roundIndex: number, known: boolean, view: View): Mark[] {
  const { experiment, layout, theme } = stage;
  const { x, y, width, height } = layout.sidebar;
  const { rounds } = experiment;
  const shown = known || roundIndex === 0 ? roundIndex : roundIndex - 1;
  const left = x + PAD;
  const inner = width - 2 * PAD;
  const marks: Mark[] = [
    { kind: "rect", x, y, width, height, fill: theme.panel, stroke: theme.border, strokeWidth: 1, radius: 6 },
  ];
  let top = y + 8;
  const heading = (text: string, value: string) => {
    marks.push(
      { kind: "text", x: left, y: top + 13, text, size: 11.5, weight: "semibold", fill: theme.muted },
      {
        kind: "text",
        x: left + inner,
        y: top + 13,
        text: value,
        size: 11.5,
        fill: theme.muted,
        align: "right",
        maxWidth: inner * 0.55,
      },
    );
    top += 22;
  };

  const started = known || roundIndex > 0;
  const isGrouped = experiment.groups !== null;
  heading("Clusters", started ? (isGrouped ? "rows of groups" : "rows") : "");
  const clusters = clusterMarks(stage, rounds[shown], started, { left, top, width: inner });
  marks.push(...clusters.marks);
  top += clusters.height + 6;
  separator();
  heading("Participants", participants(experiment, rounds[roundIndex]));
  for (const { client, reason } of rounds[roundIndex].dropped.slice(0, 2)) {
    marks.push({
      kind: "text",
      x: left,
      y: top + 10,
      text: `without ${clientTitle(client)}: ${reason}`,
      size: 10.5,
      fill: theme.faint,
      maxWidth: inner,
    });
    top += 16;
  }
  if (stage.groupSizes !== null && stage.groupSizes.told.length > 0 && view !== "aggregation") {
    separator();
    heading("Groups", "area by rows");
    marks.push(...sizeMarks(stage.groupSizes, { left, top, width: inner }, theme));
    top += LEGEND_HEIGHT;
  }
  separator();

  const current = started ? shown : -1;
  if (!experiment.isOneShot) {
    heading("Means moved by", started ? measureText(rounds[shown].change) : "–");
    spark(
      rounds.map(({ change }) => change),
      true,
      experiment.tolerance,
    );
  }
  if (rounds.some(({ inertia }) => inertia !== null)) {
    separator();
    heading(isGrouped ? "Inertia of groups" : "Inertia", started ? measureText(rounds[shown].inertia) : "–");
    spark(
      rounds.map(({ inertia }) => inertia),
      false,
      null,
    );
  }
  const { metrics, metricsOf } = experiment;
  // Whose the scores are, where they could be of either.
  const extra = Number(isGrouped);
  const scores = (
    [
      ["Adjusted Rand index", metrics.adjustedRandIndex],
      ["Silhouette", metrics.silhouetteScore],
      ["Silhouette, simplified", metrics.simplifiedSilhouetteScore],
    ] as const
  ).filter(([, value]) => value !== null);
  const { nSamples, nSamplesInInertia: inInertia } = metrics;
  const isPartial = nSamples !== null && inInertia !== null && inInertia < nSamples;
  if (
    known &&
    rounds[roundIndex].round === experiment.scoredRound &&
    scores.length > 0 &&
    top + 22 * (scores.length + Number(isPartial) + extra) < y + height
  ) {
    separator();
    if (isGrouped) heading("Scores", `of ${metricsOf}`);
    for (const [name, value] of scores) heading(name, measureText(value));
    if (isPartial) {
      heading("Inertia, simplified: rows", `${countText(inInertia)} of ${countText(nSamples)}`);
    }
  }
  return marks;

  function separator(): void {
    top += 5;
    marks.push({ kind: "line", points: [x, top, x + width, top], stroke: theme.border, width: 1 });
    top += 5;
  }

  function spark(values: readonly (number | null)[], log: boolean, reference: number | null): void {
    const area = { x: left, y: top, width: inner, height: SPARK_HEIGHT };
    marks.push(...sparkline(values, current, area, { log, reference }, theme));
    top += SPARK_HEIGHT + 4;
  }
}

/** Groups of the least and the greatest number of rows, and one between, with the numbers. */
function sizeMarks(
  { radius, told }: GroupSizes,
  { left, top, width }: { readonly left: number; readonly top: number; readonly width: number },
  theme: Theme,
): Mark[] {
  const step = width / told.length;
  return told.flatMap((size, i): Mark[] => {
    const x = left + i * step + 8;
    const y = top + 8;
    return [
      {
        kind: "symbol",
        shape: "circle",
        x,
        y,
        radius: radius * Math.sqrt(size),
        fill: theme.rows,
        opacity: POINT_OPACITY,
      },
      { kind: "text", x: x + 11, y: y + 4, text: countText(size), size: 11, fill: theme.muted },
    ];
  });
}

function participants({ clients }: Experiment, round: RoundFacts): string {
  const took = round.locals.length + round.lost.length;
  if (clients.length === 0) return "unknown";
  if (took === 0) return `${countText(clients.length)} clients`;
  return `${countText(took)} of ${countText(clients.length)} clients`;
}

/** A line a cluster, with its symbol and, once the run has started, its size; and the height they take. */
function clusterMarks(
  { theme }: Stage,
  round: RoundFacts,
  started: boolean,
  { left, top, width }: { readonly left: number; readonly top: number; readonly width: number },
): { readonly marks: Mark[]; readonly height: number } {
  const marks: Mark[] = [];
  const columns = round.k > ONE_COLUMN ? 2 : 1;
  const perColumn = Math.ceil(round.k / columns);
  const line = Math.min(22, 270 / perColumn);
  const columnWidth = (width - (columns - 1) * 14) / columns;
  const most = Math.max(1, ...(round.sizes ?? []));
  for (let cluster = 0; cluster < round.k; cluster++) {
    const x = left + Math.floor(cluster / perColumn) * (columnWidth + 14);
    const middle = top + (cluster % perColumn) * line + line / 2;
    const { color, shape } = clusterStyle(cluster);
    const size = started ? (round.sizes?.[cluster] ?? null) : null;
    marks.push(
      { kind: "symbol", shape, x: x + 7, y: middle, radius: Math.min(5.5, line / 2 - 2), fill: color },
      {
        kind: "text",
        x: x + 19,
        y: middle + 4,
        text: String(cluster),
        size: 11.5,
        weight: "semibold",
        fill: theme.text,
      },
    );
    if (size === null) continue;
    const bar = columnWidth - (columns === 1 ? 100 : 78);
    if (bar > 12) {
      marks.push(
        { kind: "rect", x: x + 40, y: middle - 3, width: bar, height: 6, fill: theme.grid, radius: 3 },
        ...(size > 0
          ? [
              {
                kind: "rect",
                x: x + 40,
                y: middle - 3,
                width: Math.max(3, (bar * size) / most),
                height: 6,
                fill: color,
                radius: 3,
              } as const,
            ]
          : []),
      );
    }
    const text = round.carriedOver.includes(cluster) ? "nobody's" : countText(size);
    marks.push({
      kind: "text",
      x: x + columnWidth,
      y: middle + 4,
      text,
      size: 11,
      fill: theme.muted,
      align: "right",
    });
  }
  return { marks, height: perColumn * line };
}
