import type { LocalFacts, RoundFacts } from "../read/experiment.js";
import { chipMarks, type Labelled } from "./chips.js";
import type { Layer, Mark } from "./marks.js";
import { countText, plural } from "./numbers.js";
import { missedMarks, panelsLayer, pointsLayer, shownMarks, shownText, titleRight } from "./panels.js";
import { between, chipSize, meanRadius, type Point, placed } from "./places.js";
import type { Panel, Stage } from "./stage.js";
import { clusterStyle } from "./theme.js";

/* The local view, with one panel a client: how it gets its means. */

/** How far the local work of a round has come, each 0 to 1. */
export interface LocalProgress {
  /** Rows take the colours of the global means they were sent. */
  readonly assign: number;
  /** Means move to the means of their rows. */
  readonly update: number;
  /** What the threshold keeps back is struck out. */
  readonly withhold: number;
}

export const LOCAL_DONE: LocalProgress = { assign: 1, update: 1, withhold: 1 };

/**
 * How each client gets its local means from the global ones of the round before; in the first round, from
 * nothing but its rows.
 */
export function localLayers(stage: Stage, roundIndex: number, progress: LocalProgress): Layer[] {
  const { rounds } = stage.experiment;
  const previous = roundIndex > 0 ? roundIndex - 1 : null;
  const before = previous !== null && previous > 0 ? previous - 1 : null;
  return [
    panelsLayer(stage),
    ...crossfade(stage, progress.assign < 1 ? before : previous, previous, progress.assign),
    {
      key: null,
      marks: stage.panels.flatMap((panel) =>
        localMarks(stage, panel, previous === null ? null : rounds[previous], rounds[roundIndex], progress),
      ),
      opacity: 1,
    },
  ];
}

function crossfade(stage: Stage, from: number | null, to: number | null, progress: number): Layer[] {
  if (progress >= 1 || from === to) return [pointsLayer(stage, to)];
  return [pointsLayer(stage, from, 1 - progress), pointsLayer(stage, to, progress)];
}

function localMarks(
  stage: Stage,
  panel: Panel,
  previous: RoundFacts | null,
  round: RoundFacts,
  progress: LocalProgress,
): Mark[] {
  const { theme, experiment } = stage;
  const locals = round.locals.filter(({ client }) => panel.clients.includes(client));
  if (locals.length === 0) {
    const alone = panel.clients.length === 1 ? experiment.clients[panel.clients[0]].name : null;
    const missed = round.dropped.find(({ client }) => client === alone);
    if (missed) return missedMarks(panel, `took no part: ${missed.reason}`, theme);
    if (panel.clients.some((client) => round.lost.includes(client))) {
      return [
        ...receivedMarks(stage, panel, previous),
        ...missedMarks(panel, "what it sent cannot be read", theme),
      ];
    }
    if (round.locals.length > 0) return missedMarks(panel, "took no part", theme);
    return [...receivedMarks(stage, panel, previous), ...shownMarks(panel, theme)];
  }
  const radius = meanRadius(panel);
  const moved: Labelled[] = [];
  const symbols: Mark[] = [];
  for (const local of locals) {
    local.targets.forEach((target, i) => {
      const origin = local.origins[i];
      const end = placed(panel, local.positions, i);
      const start = previous !== null && origin !== null ? placed(panel, previous.positions, origin) : end;
      const at = between(start, end, progress.update);
      const appears = start === end ? progress.update : 1;
      // In the client's eyes a mean is of the cluster it was sent, whichever it will go into.
      const cluster = origin ?? target;
      const { color, shape } = clusterStyle(cluster);
      if (start !== end) symbols.push(...trail(start, at, radius, color));
      symbols.push({
        kind: "symbol",
        shape,
        ...at,
        radius: radius * appears,
        fill: color,
        stroke: theme.halo,
        strokeWidth: 1.6,
      });
      if (appears === 1) moved.push({ ...at, radius, cluster, color });
    });
  }
  return [
    ...(previous === null ? [] : globalOutlines(stage, panel, previous, locals, radius)),
    ...symbols,
    ...withheldMarks(stage, panel, previous, locals, radius, progress.withhold),
    ...chipMarks(panel.clients.length > 1 ? [] : moved, panel.plot, chipSize(panel), theme),
    sentMark(stage, panel, locals, progress),
  ];
}

/** What clients were sent, where nothing is known of what they sent back. */
function receivedMarks(stage: Stage, panel: Panel, previous: RoundFacts | null): Mark[] {
  if (previous === null) return [];
  const radius = meanRadius(panel);
  const means = Array.from({ length: previous.k }, (_, cluster): Labelled => {
    const at = placed(panel, previous.positions, cluster);
    return { ...at, radius, cluster, color: clusterStyle(cluster).color };
  });
  return [
    ...globalOutlines(stage, panel, previous, null, radius),
    ...chipMarks(means, panel.plot, chipSize(panel), stage.theme),
  ];
}

/** The global means as sent: hollow; pale where the client dropped them, as nothing it computes from is nearest. */
function globalOutlines(
  { theme }: Stage,
  panel: Panel,
  previous: RoundFacts,
  locals: readonly LocalFacts[] | null,
  radius: number,
): Mark[] {
  const used = new Set(
    locals?.flatMap(({ origins, withheld }) => [...origins, ...withheld.map(({ origin }) => origin)]),
  );
  return Array.from({ length: previous.k }, (_, cluster): Mark => {
    const { color, shape } = clusterStyle(cluster);
    return {
      kind: "symbol",
      shape,
      ...placed(panel, previous.positions, cluster),
      radius: radius * 0.9,
      fill: theme.panel,
      stroke: color,
      strokeWidth: 1.8,
      opacity: locals === null || used.has(cluster) ? 1 : 0.4,
    };
  });
}

/** A withheld mean never left its client, so nobody knows where it is: it is drawn where it began. */
function withheldMarks(
  { theme }: Stage,
  panel: Panel,
  previous: RoundFacts | null,
  locals: readonly LocalFacts[],
  radius: number,
  progress: number,
): Mark[] {
  if (previous === null || progress === 0) return [];
  const origins = locals.flatMap(({ withheld }) => withheld.flatMap(({ origin }) => origin ?? []));
  return [...new Set(origins)].map((cluster): Mark => {
    const { color, shape } = clusterStyle(cluster);
    return {
      kind: "symbol",
      shape,
      ...placed(panel, previous.positions, cluster),
      radius: radius * (1.9 - 0.75 * progress),
      fill: theme.panel,
      stroke: color,
      strokeWidth: 1.8,
      opacity: progress,
      struck: true,
    };
  });
}

/** What the panel's clients sent, at the right of its title. */
function sentMark(
  { theme }: Stage,
  panel: Panel,
  locals: readonly LocalFacts[],
  { withhold }: LocalProgress,
): Mark {
  const withheld = locals.reduce((sum, local) => sum + local.withheld.length, 0);
  const sent = locals.reduce((sum, local) => sum + local.counts.length, 0);
  const filtered = withheld > 0 && withhold >= 0.5;
  const means = filtered
    ? `${countText(sent)} sent, ${countText(withheld)} withheld`
    : plural(sent + withheld, "mean");
  const missing = panel.clients.length - locals.length;
  const without = missing > 0 ? `, ${countText(missing)} clients missing` : "";
  return titleRight(panel.rect, `${rowsText(panel)}${means}${without}`, filtered ? theme.text : theme.muted);
}

/** What a panel shows and how many of it, where there is room to say so. */
function rowsText(panel: Panel): string {
  const text = shownText(panel);
  return text === null || panel.rect.width < 300 ? "" : `${text}: `;
}

function trail(from: Point, to: Point, radius: number, color: string): Mark[] {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length < radius * 1.6) return [];
  // The arrow ends at the edge of the symbol.
  const end = between(from, to, 1 - (radius + 1) / length);
  return [
    {
      kind: "line",
      points: [from.x, from.y, end.x, end.y],
      stroke: color,
      width: 1.8,
      head: Math.min(7, radius),
    },
  ];
}
