import type { RoundFacts } from "../read/experiment.js";
import { VIEWS, type View } from "./frame.js";
import type { Mark } from "./marks.js";
import { groupsText, measureText } from "./numbers.js";
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
  const round = experiment.rounds[roundIndex];
  const last = experiment.rounds[experiment.rounds.length - 1].round;
  const right = x + width;
  const groups = experiment.groups && groupsText(experiment.groups);
  const about = [nameOf(experiment.directory), experiment.algorithm, groups]
    .filter((part) => part !== null)
    .join("  ·  ");
  return [
    {
      kind: "text",
      x,
      y: y + 22,
      text: `Round ${round.round} of ${last}`,
      size: 23,
      weight: "semibold",
      fill: theme.text,
    },
    ...stepper(x + 206, y + 2, view, stage),
    {
      kind: "text",
      x,
      y: y + 47,
      text: sentence(stage, round, roundIndex, view),
      size: 13.5,
      fill: theme.muted,
      maxWidth: width - 10,
    },
    {
      kind: "text",
      x: right,
      y: y + 14,
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
            y: y + 31,
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

function sentence({ experiment }: Stage, round: RoundFacts, roundIndex: number, view: View): string {
  const fromClients = round.locals.length > 0;
  const { converged, cycleLength, status, tolerance, groups, clients } = experiment;
  const what = groups === null ? "rows" : "groups of rows";
  const areRowsOfGroups = groups !== null && clients.some(({ points }) => points?.weights === null);
  switch (view) {
    case "local":
      if (roundIndex > 0) {
        const does = `Each client assigns its ${what} to the means it was sent, moves those means to them, and sends them.`;
        return areRowsOfGroups ? `${does} Each row has the colour of its own nearest mean.` : does;
      }
      if (!round.areLocalsRecorded) return "Each client holds its own rows; what it sends was not recorded.";
      return fromClients
        ? `Each client makes means of its own ${what} (k-means++) and sends them.`
        : "Each client holds its own rows; none of them has sent a mean.";
    case "aggregation":
      if (!round.areLocalsRecorded) {
        return "The server makes the new global means of what the clients sent, which was not recorded.";
      }
      if (!fromClients) return "The server sets out from means of its own.";
      return "The server makes the new global means of all the local means, by their numbers of rows.";
    case "global": {
      const isLast = roundIndex === experiment.rounds.length - 1 && status === "completed";
      if (isLast && converged === true) {
        const by = round.change === null ? "" : `: they moved by ${measureText(round.change)}`;
        return `The global means have settled${by}${tolerance === null ? "" : `, tolerance ${measureText(tolerance)}`}.`;
      }
      if (isLast && cycleLength !== null) {
        const again = `round ${round.round - cycleLength}`;
        return `The global means are those of ${again} again: the best of a cycle of ${cycleLength} rounds.`;
      }
      if (isLast && round.change === null)
        return "No further round was asked for: these are the start's means.";
      if (isLast && converged === false) return "The last round allowed: the global means still move.";
      return "The global means go out to every client, whose rows stay where they are.";
    }
  }
}

/** The last part of a path; scenes are made in browsers too. */
function nameOf(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}
