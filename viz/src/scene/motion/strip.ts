import type { RoundFacts } from "../../read/experiment.js";
import { ease, type Phases } from "../frames/phases.js";
import { chartMarks } from "../furniture/chart.js";
import type { Mark, TextMark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import { countText, measureText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";
import type { Whole } from "./stage.js";

/* Beside the server's panel in the scene of the whole run: rows by cluster, and curves over rounds. */

const HEADING = 22;
/** Below the bars: the clusters' symbols, and their numbers. */
const FOOT = 14;
const NUMBERS = 13;

/** The strip's marks; bars and curves grow with the aggregation of the round. */
export function stripMarks(whole: Whole, roundIndex: number, phases: Phases): Mark[] {
  const { layout, stage } = whole;
  const { experiment, theme } = stage;
  const { rounds } = experiment;
  const progress = ease(phases.aggregate);
  const current = roundIndex - 1 + progress;
  const known = rounds[Math.floor(current)];
  const { tolerance, groups } = experiment;
  const curves: Curve[] = [
    {
      name: "Means moved by",
      values: rounds.map(({ change }) => change),
      value: known?.change ?? null,
      log: true,
      reference: tolerance === null ? null : { value: tolerance, name: "tolerance" },
    },
    {
      name: groups === null ? "Inertia" : "Inertia of groups",
      values: rounds.map(({ inertia }) => inertia),
      value: known?.inertia ?? null,
      log: false,
      reference: null,
    },
  ].filter(({ values }) => values.some((value) => value !== null));
  return [
    ...sizesMarks(whole, roundIndex, progress),
    ...curves.flatMap(({ name, values, value, log, reference }, i) => {
      const area = curves.length === 1 ? spanned(layout.charts) : layout.charts[i];
      return [
        ...headingMarks(whole, area, name, measureText(value)),
        ...chartMarks(
          [{ values, color: theme.accent }],
          { ...area, y: area.y + HEADING, height: area.height - HEADING - 4 },
          { first: rounds[0].round, log, reference, current, xName: null },
          theme,
        ),
      ];
    }),
  ];
}

interface Curve {
  readonly name: string;
  /** One a round. */
  readonly values: readonly (number | null)[];
  /** Now. */
  readonly value: number | null;
  readonly log: boolean;
  readonly reference: { readonly value: number; readonly name: string } | null;
}

/** Both places together. */
function spanned([a, b]: readonly [Rect, Rect]): Rect {
  return { x: a.x, y: a.y, width: b.x + b.width - a.x, height: b.y + b.height - a.y };
}

/** The box around it. */
export function stripBox({ layout, stage: { theme } }: Whole): Mark {
  return {
    kind: "rect",
    ...layout.sidebar,
    fill: theme.panel,
    stroke: theme.border,
    strokeWidth: 1,
    radius: 6,
  };
}

/** A bar a cluster, above its symbol. */
function sizesMarks(whole: Whole, roundIndex: number, progress: number): Mark[] {
  const { layout, stage } = whole;
  const { theme, experiment } = stage;
  const { rounds } = experiment;
  const area = layout.sizes;
  const round = rounds[roundIndex];
  const sizeIn = (facts: RoundFacts | undefined, cluster: number) => facts?.sizes?.[cluster] ?? 0;
  const previous = rounds[roundIndex - 1];
  const most = Math.max(1, ...rounds.flatMap(({ sizes }) => sizes ?? []));
  const step = area.width / round.k;
  const numbered = step >= 18;
  const bottom = area.y + area.height - FOOT - (numbered ? NUMBERS : 0);
  const highest = bottom - area.y - HEADING - SIZES.tick - 6;
  const isKnown = rounds.some(({ sizes }) => sizes !== null);
  const noun =
    experiment.noise !== null
      ? "Rows by cluster, noisy"
      : experiment.groups === null
        ? "Rows by cluster"
        : "Rows of groups by cluster";
  const counted = Math.max(
    ...rounds.flatMap(({ sizes }) => (sizes ?? []).map((n) => textWidth(countText(n), SIZES.tick))),
  );
  return [
    ...headingMarks(whole, area, isKnown ? noun : "Clusters", ""),
    { kind: "line", points: [area.x, bottom, area.x + area.width, bottom], stroke: theme.border, width: 1 },
    ...Array.from({ length: round.k }, (_, cluster) => cluster).flatMap((cluster): Mark[] => {
      const x = area.x + (cluster + 0.5) * step;
      const { color, shape } = clusterStyle(cluster);
      const [before, after] = [sizeIn(previous, cluster), sizeIn(round, cluster)];
      const rows = before + (after - before) * progress;
      const height = (highest * rows) / most;
      const width = Math.min(26, step * 0.72);
      const shown = progress === 1 ? after : before;
      return [
        { kind: "rect", x: x - width / 2, y: bottom - height, width, height, fill: color },
        { kind: "symbol", shape, x, y: bottom + 8, radius: Math.min(4.5, step * 0.36), fill: color },
        ...(numbered ? [label(String(cluster), x, bottom + FOOT + 11, theme.text, "semibold")] : []),
        ...(counted < step - 3 && (progress === 1 ? round : previous)?.sizes
          ? [label(countText(shown), x, bottom - height - 4, theme.muted)]
          : []),
      ];
    }),
  ];
}

function label(text: string, x: number, y: number, fill: string, weight?: "semibold"): TextMark {
  return { kind: "text", x, y, text, size: SIZES.tick, fill, align: "center", ...(weight ? { weight } : {}) };
}

function headingMarks({ stage: { theme } }: Whole, area: Rect, text: string, value: string): Mark[] {
  const size = SIZES.note;
  const y = area.y + 16;
  return [
    { kind: "text", x: area.x, y, text, size, weight: "semibold", fill: theme.text, maxWidth: area.width },
    {
      kind: "text",
      x: area.x + area.width,
      y,
      text: value,
      size,
      fill: theme.muted,
      align: "right",
      maxWidth: area.width - textWidth(text, size, "semibold") - 6,
    },
  ];
}
