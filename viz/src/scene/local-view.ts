import type { LocalFacts } from "../read/experiment.js";
import { idleMarks, missingMarks } from "./absent.js";
import { chipMarks, chipsBetween } from "./chips.js";
import { countsOfLocals } from "./counts.js";
import { movedMarks, movesOf } from "./local-moves.js";
import type { Layer, Mark } from "./marks.js";
import { countText, plural } from "./numbers.js";
import { headMarks, panelsLayer, pointsLayer, shownNotes } from "./panels.js";
import { chipSize } from "./places.js";
import { globalOutlines, idleLabels, withheldMarks } from "./sent-means.js";
import type { Panel, Stage } from "./stage.js";

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
  const previous = roundIndex > 0 ? roundIndex - 1 : null;
  const before = previous !== null && previous > 0 ? previous - 1 : null;
  return [
    panelsLayer(stage),
    ...crossfade(stage, progress.assign < 1 ? before : previous, previous, progress.assign),
    {
      key: null,
      marks: stage.panels.flatMap((panel) => localMarks(stage, panel, roundIndex, progress)),
      opacity: 1,
    },
  ];
}

function crossfade(stage: Stage, from: number | null, to: number | null, progress: number): Layer[] {
  if (progress >= 1 || from === to) return [pointsLayer(stage, to)];
  return [pointsLayer(stage, from, 1 - progress), pointsLayer(stage, to, progress)];
}

function localMarks(stage: Stage, panel: Panel, roundIndex: number, progress: LocalProgress): Mark[] {
  const { theme, experiment } = stage;
  const round = experiment.rounds[roundIndex];
  const previous = experiment.rounds[roundIndex - 1] ?? null;
  const locals = round.locals.filter(({ client }) => panel.clients.includes(client));
  if (locals.length === 0) return idleMarks(stage, panel, roundIndex);
  const moves = movesOf(panel, previous, locals);
  const sent = previous === null ? [] : globalOutlines(stage, panel, previous, locals);
  const withheld = withheldMarks(stage, panel, previous, locals, progress.withhold);
  const chips = (update: number) => {
    const { arrows, symbols, glass, labelled } = movedMarks(stage, panel, moves, update);
    const idle = previous === null ? [] : idleLabels(panel, previous, moves);
    const drawn = [...sent, ...arrows, ...symbols, ...withheld, ...glass.slice(0, 1)];
    return chipMarks([...labelled, ...idle], panel.plot, chipSize(panel), theme, drawn);
  };
  const { arrows, symbols, glass } = movedMarks(stage, panel, moves, progress.update);
  const shown = progress.update >= 1 ? chips(1) : chipsBetween(chips(0), chips(1), progress.update);
  const filtered = progress.withhold >= 0.5 && locals.some((local) => local.withheld.length > 0);
  const k = Math.max(previous?.k ?? 0, round.k);
  return [
    ...sent,
    ...arrows,
    ...symbols,
    ...withheld,
    ...glass,
    ...shown,
    ...missingMarks(stage, panel, round, locals),
    ...headMarks(
      panel,
      notesOf(panel, locals, filtered),
      countsOfLocals(locals, k),
      theme,
      filtered ? theme.text : theme.muted,
    ),
  ];
}

/** What the panel's clients sent, in fewer and fewer words. */
function notesOf(panel: Panel, locals: readonly LocalFacts[], filtered: boolean): string[] {
  const withheld = locals.reduce((sum, local) => sum + local.withheld.length, 0);
  const sent = locals.reduce((sum, local) => sum + local.counts.length, 0);
  const means = filtered
    ? `${countText(sent)} sent, ${countText(withheld)} withheld`
    : plural(sent + withheld, "mean");
  return [...shownNotes(panel).map((shown) => `${shown}: ${means}`), means];
}
