import type { LocalFacts, RoundFacts } from "../../read/experiment.js";
import { ease, type Phases, part } from "../frames/phases.js";
import type { Layer, LineMark, Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import { arrowMarks, isLong, type MeanStep } from "../means/arrows.js";
import { halosOf } from "../means/noise-halo.js";
import { between, globalRadius, meanRadius, type Point, placed } from "../stage/places.js";
import type { Panel } from "../stage/stage.js";
import { countText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";
import { clientLabels } from "./labels.js";
import { faded, hollowMarks, meanMarks } from "./marks.js";
import type { Whole } from "./stage.js";

/* The clients' panels in the scene of the whole run: what each does with the global means it was sent. */

/** Opacity of a mean that a client has no rows for. */
const DROPPED = 0.4;
/** What a round left behind is gone by this share of the way of the new means. */
const CLEARED = 0.6;

/** A panel within a round. */
interface PanelRound {
  readonly theme: Theme;
  readonly panel: Panel;
  readonly previous: RoundFacts | null;
  readonly round: RoundFacts;
  /** What the panel's clients made. */
  readonly locals: readonly LocalFacts[];
  /** Of its means. */
  readonly radius: number;
  /** How far means have gone to their rows, and been withheld, 0 to 1. */
  readonly update: number;
  readonly withhold: number;
  /** How much of the round's work is still to be seen, 1 to 0. */
  readonly left: number;
}

/**
 * Means in the clients' panels. While nothing in them changes, the layer has a key.
 *
 * @param roundIndex of the round that is under way
 */
export function clientsLayer(whole: Whole, roundIndex: number, phases: Phases): Layer {
  const { panels } = whole.stage;
  const marks = panels.flatMap((_, panel) => panelMarks(whole, panel, roundIndex, phases));
  const isBegin = phases.update === 0;
  const isDone = phases.withhold === 1 && phases.broadcast === 0;
  const key = isBegin ? "begin" : isDone ? "done" : null;
  return { key: key && `whole/clients/${roundIndex}/${key}`, marks, opacity: 1 };
}

function panelMarks(whole: Whole, index: number, roundIndex: number, phases: Phases): Mark[] {
  const { experiment, theme, panels } = whole.stage;
  const panel = panels[index];
  const { rounds } = experiment;
  const round = rounds[roundIndex];
  const own: PanelRound = {
    theme,
    panel,
    previous: roundIndex > 0 ? rounds[roundIndex - 1] : null,
    round,
    locals: round.locals.filter(({ client }) => panel.clients.includes(client)),
    radius: globalRadius(panel),
    update: ease(phases.update),
    withhold: ease(phases.withhold),
    left: 1 - part(phases.broadcast, 0, CLEARED),
  };
  const arrived = phases.broadcast === 1 ? 1 : 0;
  const clusters = Array.from({ length: round.k }, (_, cluster) => cluster);
  return [
    ...(own.previous === null ? [] : halosOf(experiment, panel, own.previous, own.radius, own.left)),
    ...halosOf(experiment, panel, round, own.radius, arrived),
    ...sentMarks(own),
    ...localMarks(own),
    ...withheldMarks(own),
    ...clusters.flatMap((c) => meanMarks(c, placed(panel, round.positions, c), own.radius, arrived, theme)),
    ...clientLabels(whole, index, roundIndex, phases),
    ...noteMarks(own),
  ];
}

/** The global means as the panel's clients were sent them: full until they set out, hollow where they began. */
function sentMarks({ theme, panel, previous, locals, radius, update, withhold, left }: PanelRound): Mark[] {
  if (previous === null) return [];
  const moved = new Set(locals.flatMap(({ origins }) => origins));
  const withheld = new Set(locals.flatMap((local) => local.withheld.map(({ origin }) => origin)));
  return Array.from({ length: previous.k }, (_, cluster) => cluster).flatMap((cluster) => {
    const at = placed(panel, previous.positions, cluster);
    const isMoved = moved.has(cluster);
    if (locals.length === 0) return meanMarks(cluster, at, radius, left, theme);
    // What is withheld stays full until it is struck out.
    if (withheld.has(cluster) && !isMoved)
      return meanMarks(cluster, at, radius, (1 - withhold) * left, theme);
    return [
      ...hollowMarks(cluster, at, radius, update * (isMoved ? 1 : DROPPED) * left, theme),
      // A mean that moves is drawn on its way.
      ...(isMoved ? [] : meanMarks(cluster, at, radius, (1 - update) * left, theme)),
    ];
  });
}

function localMarks({ theme, panel, previous, locals, update, left }: PanelRound): Mark[] {
  const size = localRadius(panel, update);
  return locals.flatMap((local) =>
    local.targets.flatMap((target, i) => {
      const origin = local.origins[i];
      const end = placed(panel, local.positions, i);
      if (previous === null || origin === null) {
        return meanMarks(origin ?? target, end, size * update, left, theme);
      }
      const start = placed(panel, previous.positions, origin);
      const at = between(start, end, update);
      const step = { cluster: origin, from: start, to: end };
      const arrows = panel.clients.length > 1 ? [] : growing(step, at, size, theme);
      return [...faded(arrows, update * left), ...meanMarks(origin, at, size, left, theme)];
    }),
  );
}

/**
 * Radius of a client's own means in its panel; those of many clients in one are smaller than the global means.
 *
 * @param update how far they have gone to their rows
 */
export function localRadius(panel: Panel, update: number): number {
  const radius = globalRadius(panel);
  return radius + (meanRadius(panel) - radius) * update;
}

/** The arrow of a step as it grows, once it is of the kind that the whole step has. */
function growing(step: MeanStep, at: Point, radius: number, theme: Theme): LineMark[] {
  const soFar = { ...step, to: at };
  return isLong(step, radius) === isLong(soFar, radius) ? arrowMarks(soFar, radius, theme) : [];
}

/** What the threshold keeps back never leaves its client: it is struck out where it began. */
function withheldMarks({ theme, panel, previous, locals, radius, withhold, left }: PanelRound): Mark[] {
  if (previous === null) return [];
  const origins = locals.flatMap(({ withheld }) => withheld.flatMap(({ origin }) => origin ?? []));
  return [...new Set(origins)].flatMap((cluster) => {
    const at = placed(panel, previous.positions, cluster);
    const marks = hollowMarks(cluster, at, radius, withhold * left, theme);
    return marks.map((mark) => (mark.kind === "symbol" ? { ...mark, struck: true } : mark));
  });
}

/** What a panel says of the round: who takes no part, and how many means are withheld. */
function noteMarks({ theme, panel, round, locals, update, withhold, left }: PanelRound): Mark[] {
  if (round.locals.length === 0) return [];
  const { x, y, width, height } = panel.plot;
  const missing = panel.clients.length - locals.length;
  const withheld = locals.reduce((sum, local) => sum + local.withheld.length, 0);
  const isAlone = panel.clients.length === 1;
  const text = isAlone ? "takes no part" : `${countText(missing)} take no part`;
  const [said, opacity] =
    missing > 0
      ? [text, update * left]
      : withheld > 0
        ? [`${countText(withheld)} withheld`, withhold * left]
        : ["", 0];
  const veil: Mark = { kind: "rect", ...panel.plot, fill: theme.panel, opacity: 0.7 * opacity };
  const note: Mark = {
    kind: "text",
    x: x + width / 2,
    y: y + height - 8,
    text: said,
    size: SIZES.note,
    weight: "semibold",
    fill: theme.text,
    align: "center",
    maxWidth: width - 12,
    opacity,
  };
  const wide = 1.05 * textWidth(said, SIZES.note, "semibold") + 12;
  const ground: Mark = {
    kind: "rect",
    ...{ x: x + width / 2 - wide / 2, y: y + height - 22, width: wide, height: 19, radius: 4 },
    fill: theme.panel,
    opacity: 0.85 * opacity,
  };
  return opacity <= 0 ? [] : [missing > 0 && isAlone ? veil : ground, note];
}
