import { chartMarks } from "../furniture/chart.js";
import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Rect } from "../stage/layout.js";
import type { Stage } from "../stage/stage.js";

const SUBTITLE = 20;
const GAP = 8;

/** Curves that a run has: of one round, or of what nobody recorded, there is none. */
export function hasCurves({ experiment }: Pick<Stage, "experiment">): { inertia: boolean; change: boolean } {
  const { rounds } = experiment;
  const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null).length;
  return {
    inertia: known(rounds.map(({ inertia }) => inertia)) > 1,
    change: known(rounds.map(({ change }) => change)) > 0,
  };
}

/** Draws inertia and movement over the rounds, one above the other, where a run has them. */
export function convergenceMarks(stage: Stage, area: Rect): Mark[] {
  const { experiment, theme } = stage;
  const { rounds, tolerance, groups } = experiment;
  const has = hasCurves(stage);
  const charts = [
    ...(has.inertia
      ? [
          {
            title: groups === null ? "Inertia" : "Inertia of groups",
            values: rounds.map(({ inertia }) => inertia),
            log: false,
            reference: null,
          },
        ]
      : []),
    ...(has.change
      ? [
          {
            title: "Movement of the global means",
            values: rounds.map(({ change }) => change),
            log: true,
            reference: tolerance === null ? null : { value: tolerance, name: "tolerance" },
          },
        ]
      : []),
  ];
  const height = (area.height - (charts.length - 1) * GAP) / charts.length;
  return charts.flatMap(({ title, values, log, reference }, i): Mark[] => {
    const top = area.y + i * (height + GAP);
    const plot = { ...area, y: top + SUBTITLE, height: height - SUBTITLE };
    const xName = i === charts.length - 1 ? "round" : null;
    const options = { first: rounds[0].round, log, reference, current: null, xName };
    return [
      {
        kind: "text",
        x: area.x,
        y: top + 13,
        text: title,
        size: SIZES.note,
        weight: "semibold",
        fill: theme.muted,
      },
      ...chartMarks([{ values, color: theme.accent }], plot, options, theme),
    ];
  });
}
