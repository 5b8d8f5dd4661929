import type { LocalFacts } from "../../read/experiment.js";
import type { Layer, Mark } from "../marks/marks.js";
import { chipMarks } from "../means/chips.js";
import { headMarks, panelsLayer, pointsLayer, shownNotes } from "../panels/panels.js";
import { countsOfLocals } from "../stage/counts.js";
import { chipSize } from "../stage/places.js";
import type { Panel, Stage } from "../stage/stage.js";
import { countText, plural } from "../text/numbers.js";
import { idleMarks, missingMarks } from "./absent.js";
import { movedMarks, movesOf } from "./local-moves.js";
import { pathsOf } from "./paths.js";
import { globalOutlines, idleLabels, withheldMarks } from "./sent-means.js";

/* The local view, with one panel a client: how it gets its means. */

/**
 * How each client gets its local means from the global ones of the round before; in the first round, from
 * nothing but its rows.
 */
export function localLayers(stage: Stage, roundIndex: number): Layer[] {
  const marks = stage.panels.flatMap((panel) => localMarks(stage, panel, roundIndex));
  return [
    panelsLayer(stage),
    pointsLayer(stage, roundIndex > 0 ? roundIndex - 1 : null),
    { key: null, marks, opacity: 1 },
  ];
}

function localMarks(stage: Stage, panel: Panel, roundIndex: number): Mark[] {
  const { theme, experiment } = stage;
  const round = experiment.rounds[roundIndex];
  const previous = experiment.rounds[roundIndex - 1] ?? null;
  const locals = round.locals.filter(({ client }) => panel.clients.includes(client));
  if (locals.length === 0) return idleMarks(stage, panel, roundIndex);
  const moves = movesOf(panel, previous, locals);
  const sent = previous === null ? [] : globalOutlines(stage, panel, previous, locals);
  const withheld = withheldMarks(stage, panel, previous, locals);
  const paths = pathsOf(stage, panel, roundIndex);
  const { arrows, symbols, glass, labelled } = movedMarks(stage, panel, moves);
  const idle = previous === null ? [] : idleLabels(panel, previous, moves);
  const drawn = [...sent, ...arrows, ...symbols, ...withheld, ...glass.slice(0, 1)];
  const filtered = locals.some((local) => local.withheld.length > 0);
  const k = Math.max(previous?.k ?? 0, round.k);
  return [
    ...paths,
    ...sent,
    ...arrows,
    ...symbols,
    ...withheld,
    ...glass,
    ...chipMarks([...labelled, ...idle], panel.plot, chipSize(panel), theme, drawn, paths),
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
  const shortest = filtered ? `${countText(sent)} of ${countText(sent + withheld)} sent` : means;
  return [...shownNotes(panel).map((shown) => `${shown}: ${means}`), means, shortest];
}
