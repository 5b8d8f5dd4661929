import { VIEWS, type View } from "./frame.js";
import type { Mark } from "./marks.js";
import { groupsText, plural } from "./numbers.js";
import { roundTitle, sentenceOf } from "./sentence.js";
import { SIZES } from "./sizes.js";
import type { Stage } from "./stage.js";

const TITLES: Readonly<Record<View, string>> = {
  local: "Local",
  aggregation: "Aggregation",
  global: "Global",
};

/** What this picture is: round, view, and one sentence. */
export function headerMarks(stage: Stage, roundIndex: number, view: View): Mark[] {
  const { experiment, layout, theme } = stage;
  const { x, y, width } = layout.header;
  const right = x + width;
  const groups = experiment.groups && groupsText(experiment.groups);
  const { title, shown } = stage;
  const { clients } = experiment;
  const some =
    shown.length < clients.length ? `shown: ${shown.length} of ${plural(clients.length, "client")}` : null;
  // Below a title, where there is one.
  const aboutAt = y + (title === null ? 14 : 30);
  const about = [nameOf(experiment.directory), experiment.algorithm, groups, some]
    .filter((part) => part !== null)
    .join("  ·  ");
  return [
    {
      kind: "text",
      x,
      y: y + 22,
      text: roundTitle(experiment, roundIndex),
      size: 23,
      weight: "semibold",
      fill: theme.text,
    },
    ...stepper(x + 206, y + 2, view, stage),
    {
      kind: "text",
      x,
      y: y + 47,
      text: sentenceOf(experiment, roundIndex, view),
      size: 13.5,
      fill: theme.muted,
      maxWidth: width - 10,
    },
    ...(title === null
      ? []
      : [
          {
            kind: "text",
            x: right,
            y: y + 13,
            text: title,
            size: SIZES.sentence,
            weight: "semibold",
            fill: theme.text,
            align: "right",
            maxWidth: 680,
          } as const,
        ]),
    {
      kind: "text",
      x: right,
      y: aboutAt,
      text: about,
      size: 11.5,
      fill: theme.faint,
      align: "right",
      maxWidth: 520,
    },
    ...(experiment.note === null
      ? []
      : [
          {
            kind: "text",
            x: right,
            y: aboutAt + 17,
            text: experiment.note,
            size: 11.5,
            fill: theme.muted,
            align: "right",
            maxWidth: 560,
          } as const,
        ]),
  ];
}

function stepper(left: number, top: number, view: View, { theme }: Stage): Mark[] {
  const width = 104;
  return VIEWS.flatMap((step, i): Mark[] => {
    const active = step === view;
    const x = left + i * (width + 6);
    return [
      {
        kind: "rect",
        x,
        y: top,
        width,
        height: 25,
        radius: 12.5,
        ...(active ? { fill: theme.accent } : { stroke: theme.border, strokeWidth: 1 }),
      },
      {
        kind: "text",
        x: x + width / 2,
        y: top + 17,
        text: TITLES[step],
        size: 12.5,
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
