import { VIEWS, type View } from "../frames/frame.js";
import { roundTitle, sentenceOf } from "../frames/sentence.js";
import type { Mark, TextMark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import { NARROW, noteLines, sentenceLines } from "../stage/header-lines.js";
import { HEADER_LINE } from "../stage/layout.js";
import type { Stage } from "../stage/stage.js";
import { groupsText, noiseText, plural } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";

const TITLES: Readonly<Record<View, string>> = {
  local: "Local",
  aggregation: "Aggregation",
  global: "Global",
};

const STEP_GAP = 6;

/** What this picture is: round, view, and one sentence. */
export function headerMarks(stage: Stage, roundIndex: number, view: View): Mark[] {
  const { experiment, layout, theme } = stage;
  const { x, y, width } = layout.header;
  const isNarrow = width < NARROW;
  const headline = { size: SIZES.headline, weight: "semibold" } as const;
  // As wide as in the last round, so that nothing beside it moves.
  const beside =
    x + textWidth(roundTitle(experiment, experiment.rounds.length - 1), headline.size, headline.weight) + 28;
  const stepWidth = isNarrow ? 84 : 104;
  const end = beside + VIEWS.length * (stepWidth + STEP_GAP);
  const groups = experiment.groups && groupsText(experiment.groups);
  const noise = experiment.noise && noiseText(experiment.noise);
  const { title, shown } = stage;
  const { clients } = experiment;
  const some =
    shown.length < clients.length ? `shown: ${shown.length} of ${plural(clients.length, "client")}` : null;
  const folder = nameOf(experiment.directory);
  const about = [title === null ? null : folder, experiment.algorithm, groups, noise, some]
    .filter((part) => part !== null)
    .join("  ·  ");
  const said = sentenceLines(sentenceOf(experiment, roundIndex, view), width);
  let baseline = y + 38;
  const line = (mark: Pick<TextMark, "text" | "size" | "fill">): Mark => {
    baseline += HEADER_LINE;
    return { kind: "text", x, y: baseline, maxWidth: width, ...mark };
  };
  return [
    { kind: "text", x, y: y + 25, text: roundTitle(experiment, roundIndex), ...headline, fill: theme.text },
    ...stepper(beside, y + 4, stepWidth, view, stage),
    ...(isNarrow
      ? []
      : runMarks(title ?? folder, title !== null, about, { left: end + 20, right: x + width, y }, theme)),
    ...(isNarrow
      ? [line({ text: `${title ?? folder}  ·  ${about}`, size: SIZES.note, fill: theme.muted })]
      : []),
    ...said.map((words) => line({ text: words, size: SIZES.sentence, fill: theme.text })),
    ...noteLines(experiment, width).map((words) =>
      line({ text: words, size: SIZES.note, fill: theme.muted }),
    ),
  ];
}

/** Which run it is, at the right of the headline. */
function runMarks(
  title: string,
  isHeadline: boolean,
  facts: string,
  { left, right, y }: { readonly left: number; readonly right: number; readonly y: number },
  theme: Theme,
): TextMark[] {
  const common = { kind: "text", x: right, align: "right", maxWidth: right - left } as const;
  return [
    {
      ...common,
      y: y + 13,
      text: title,
      size: isHeadline ? SIZES.sentence : SIZES.body,
      weight: "semibold",
      fill: theme.text,
    },
    { ...common, y: y + 30, text: facts, size: SIZES.note, fill: theme.muted },
  ];
}

function stepper(left: number, top: number, width: number, view: View, { theme }: Stage): Mark[] {
  return VIEWS.flatMap((step, i): Mark[] => {
    const active = step === view;
    const x = left + i * (width + STEP_GAP);
    return [
      {
        kind: "rect",
        x,
        y: top,
        width,
        height: 27,
        radius: 13.5,
        ...(active ? { fill: theme.accent } : { stroke: theme.pale, strokeWidth: 1 }),
      },
      {
        kind: "text",
        x: x + width / 2,
        y: top + 18.5,
        text: TITLES[step],
        size: width < 100 ? SIZES.note : SIZES.title,
        weight: active ? "semibold" : "regular",
        fill: active ? theme.background : theme.muted,
        align: "center",
      },
    ];
  });
}

/** The last part of a path; scenes are made in browsers too. */
function nameOf(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}
