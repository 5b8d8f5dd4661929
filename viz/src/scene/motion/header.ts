import type { Experiment } from "../../read/experiment.js";
import { STEPS, type Step } from "../frames/frame.js";
import { roundTitle } from "../frames/sentence.js";
import { stepsOf } from "../frames/steps.js";
import { NOISE_TEXT } from "../furniture/legend.js";
import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { groupsText, noiseText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";
import { faded } from "./marks.js";
import type { Whole } from "./stage.js";

/* Above and below the scene of the whole run: round, step, caption, what symbols mean, how far the run has come. */

const CAPTION = 19;
const NAMES: Readonly<Record<Step, string>> = {
  assign: "Assign",
  update: "Update",
  withhold: "Withhold",
  collect: "Collect",
  aggregate: "Aggregate",
  broadcast: "Broadcast",
};

/** What the run is, and what symbols mean: the same in all its scenes. */
export function standingMarks(whole: Whole): Mark[] {
  return [...aboutMarks(whole), ...legendMarks(whole)];
}

/**
 * The round, its steps with the one under way, and the caption.
 *
 * @param steps opacity of the steps
 */
export function headerOf(
  whole: Whole,
  roundIndex: number,
  { step, steps, caption }: { readonly step: Step | null; readonly steps: number; readonly caption: string },
): Mark[] {
  const { layout, stage } = whole;
  const { theme, experiment } = stage;
  const { rounds } = experiment;
  const { x, y } = layout.header;
  const round = roundTitle(experiment, roundIndex);
  const size = SIZES.headline;
  // So that the steps stay where they are.
  const widest = textWidth(roundTitle(experiment, rounds.length - 1), size, "semibold");
  return [
    { kind: "text", x, y: y + 22, text: round, size, weight: "semibold", fill: theme.text },
    ...faded(stepMarks(whole, x + widest + 26, y + 22, step), steps),
    {
      kind: "text",
      ...{ x: layout.caption.x, y: layout.caption.y },
      text: caption,
      size: CAPTION,
      fill: theme.text,
      maxWidth: layout.caption.width,
    },
  ];
}

function stepMarks(
  { stage: { experiment, theme } }: Whole,
  left: number,
  y: number,
  now: Step | null,
): Mark[] {
  const happens = new Set(
    experiment.rounds.flatMap((_, i) => stepsOf(experiment, i).map(({ step }) => step)),
  );
  let x = left;
  return STEPS.filter((step) => happens.has(step)).flatMap((step): Mark[] => {
    const isNow = step === now;
    const width = textWidth(NAMES[step], SIZES.note, "semibold");
    const at = x;
    x += width + 14;
    return [
      {
        kind: "text",
        x: at,
        y,
        text: NAMES[step],
        size: SIZES.note,
        weight: isNow ? "semibold" : "regular",
        fill: isNow ? theme.text : theme.faint,
      },
      ...(isNow
        ? [{ kind: "line", points: [at, y + 6, at + width, y + 6], stroke: theme.accent, width: 2 } as const]
        : []),
    ];
  });
}

function aboutMarks({ layout, stage: { experiment, theme, title } }: Whole): Mark[] {
  const { x, y, width, align } = layout.about;
  const line = (text: string, i: number): Mark => ({
    kind: "text",
    x,
    y: y + 17 * i,
    text,
    size: SIZES.note,
    fill: i === 0 ? theme.faint : theme.muted,
    align,
    maxWidth: width,
  });
  const { note } = experiment;
  return [line(aboutText(experiment, title), 0), ...(note === null ? [] : [line(note, 1)])];
}

function aboutText({ directory, algorithm, groups, noise }: Experiment, title: string | null): string {
  const name = title ?? directory.split(/[\\/]/).findLast((part) => part !== "") ?? directory;
  return [name, algorithm, groups && groupsText(groups), noise && noiseText(noise, true)]
    .filter((part) => part !== null)
    .join("  ·  ");
}

/** What symbols mean, of those that are in the run. */
function legendMarks({ layout, stage }: Whole): Mark[] {
  const { experiment, theme } = stage;
  const { rounds, clients } = experiment;
  const locals = rounds.flatMap((round) => round.locals);
  const radius = 4.5;
  const { x: left, y, width } = layout.legend;
  const middle = y - 4;
  const marks: Mark[] = [];
  let x = left;
  const add = (text: string, symbol: (at: number) => Mark) => {
    const wide = 18 + textWidth(text, SIZES.tick);
    if (x + wide > left + width) return;
    marks.push(symbol(x + 7), {
      kind: "text",
      x: x + 18,
      y,
      text,
      size: SIZES.tick,
      fill: theme.muted,
    });
    x += wide + 20;
  };
  const circle = { kind: "symbol", shape: "circle", y: middle, radius } as const;
  const hollow = { ...circle, fill: theme.panel, stroke: theme.muted, strokeWidth: 1.6 };
  add("mean", (at) => ({ ...circle, x: at, fill: theme.muted }));
  if (rounds.length > 1) add("where it began", (at) => ({ ...hollow, x: at }));
  if (locals.some(({ withheld }) => withheld.length > 0)) {
    add("withheld", (at) => ({ ...hollow, x: at, struck: true }));
  }
  if (locals.some(({ targets }) => targets.length > 0)) {
    add("sent: width by rows", (at) => ({
      kind: "line",
      points: [at - 7, middle, at + 7, middle],
      stroke: theme.muted,
      width: 5,
      opacity: 0.5,
    }));
  }
  if (rounds.some(({ standardErrors }) => standardErrors !== null)) {
    const ring = { stroke: theme.muted, strokeWidth: 1.2, opacity: 0.6 };
    add(NOISE_TEXT, (at) => ({ ...circle, x: at, radius: 6, ...ring }));
  }
  if (clients.some(({ points }) => points !== null)) {
    add("bar of a client: its rows by cluster", (at) => ({
      kind: "rect",
      ...{ x: at - 7, y: middle - 3, width: 14, height: 6 },
      fill: theme.muted,
    }));
  }
  return marks;
}

/**
 * A thin bar along the lower edge: how far the run has come, in rounds.
 *
 * @param share of the round that is under way, 0 to 1
 */
export function barMarks({ layout, stage }: Whole, roundIndex: number, share: number): Mark[] {
  const { theme, experiment } = stage;
  const { bar } = layout;
  const width = (bar.width * (roundIndex + share)) / experiment.rounds.length;
  return [
    { kind: "rect", ...bar, fill: theme.border },
    { kind: "rect", ...bar, width, fill: theme.accent },
  ];
}
