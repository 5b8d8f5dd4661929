import type { CardFrame, MotionFrame } from "../frames/frame.js";
import { ease, type Phases, part, phasesOf } from "../frames/phases.js";
import { sentenceOf } from "../frames/sentence.js";
import { captionOf, stepsOf } from "../frames/steps.js";
import type { Layer, Scene } from "../marks/marks.js";
import { titleMarks } from "../panels/panel-title.js";
import { panelsLayer, pointsLayer, shownNotes } from "../panels/panels.js";
import { serverLayer } from "../server/server-panel.js";
import { cardMarks, closingMarks } from "./cards.js";
import { clientsLayer } from "./clients.js";
import { countsMarks } from "./counts.js";
import { flightsOf } from "./flight-paths.js";
import { flightMarks } from "./flights.js";
import { barMarks, headerOf, standingMarks } from "./header.js";
import { arrivedLayer, globalsLayer, pathsLayer } from "./server.js";
import type { Whole } from "./stage.js";
import { stripBox, stripMarks } from "./strip.js";

/**
 * The scene of the whole run: every client and the server, all the time. What moves goes on from where it was: where a
 * step ends the next begins.
 */
export function wholeScene(whole: Whole, frame: MotionFrame | CardFrame): Scene {
  const { stage, layout } = whole;
  const { experiment, theme } = stage;
  const { roundIndex } = frame;
  const phases = phasesOf(frame);
  const { flights, progress } = flightsOf(whole, roundIndex, phases);
  const colours = coloursOf(frame, phases);
  const isMotion = frame.kind === "motion";
  const isEnd = frame.kind === "card" && frame.card === "closing";
  const isTitle = frame.kind === "card" && frame.card === "title";
  const caption = isMotion
    ? (frame.caption ?? captionOf(experiment, roundIndex, frame.step))
    : isTitle
      ? ""
      : sentenceOf(experiment, roundIndex, "global");
  const overlay = frame.kind === "card" ? frame : null;
  return {
    width: layout.width,
    height: layout.height,
    background: theme.background,
    layers: [
      standingLayer(whole),
      pathsLayer(whole, roundIndex),
      ...pointLayers(whole, colours),
      clientsLayer(whole, roundIndex, phases),
      arrivedLayer(whole, roundIndex, phases),
      drawn(flightMarks(flights, progress, layout.isWide, theme)),
      globalsLayer(whole, roundIndex, phases),
      drawn([
        ...countsMarks(whole, colours.from, colours.to, colours.share),
        ...stripMarks(whole, roundIndex, phases),
        ...headerOf(whole, roundIndex, {
          step: isMotion ? frame.step : null,
          steps: isEnd ? 1 - ease(part(frame.progress, 0, 0.5)) : 1,
          caption,
        }),
        ...barMarks(whole, roundIndex, shareOf(whole, frame)),
      ]),
      ...(overlay === null
        ? []
        : [drawn(isTitle ? cardMarks(whole, overlay.progress) : closingMarks(whole, overlay))]),
    ],
  };
}

function drawn(marks: Layer["marks"]): Layer {
  return { key: null, marks, opacity: 1 };
}

/** What is the same in every scene. */
function standingLayer(whole: Whole): Layer {
  const { stage } = whole;
  const marks = [
    ...panelsLayer(stage).marks,
    ...stage.panels.flatMap((panel) => titleMarks(panel.rect, panel.title, shownNotes(panel), stage.theme)),
    ...serverLayer(stage).marks,
    stripBox(whole),
    ...standingMarks(whole),
  ];
  return { key: "whole/standing", marks, opacity: 1 };
}

interface Colours {
  /** Indices of the rounds whose means rows have the colours of; null: none yet. */
  readonly from: number | null;
  readonly to: number | null;
  /** How far they have gone over. */
  readonly share: number;
}

/** Rows take the colours of the means they were sent when they are assigned to them; of the last ones, at the end. */
function coloursOf({ kind, roundIndex, progress }: MotionFrame | CardFrame, phases: Phases): Colours {
  const before = (back: number) => (roundIndex >= back ? roundIndex - back : null);
  if (kind === "card" && phases.assign === 1)
    return { from: before(1), to: roundIndex, share: ease(progress) };
  return { from: before(2), to: before(1), share: ease(phases.assign) };
}

function pointLayers({ stage }: Whole, { from, to, share }: Colours): Layer[] {
  if (share >= 1 || from === to) return [pointsLayer(stage, to)];
  if (share <= 0) return [pointsLayer(stage, from)];
  return [pointsLayer(stage, from, 1 - share), pointsLayer(stage, to, share)];
}

/** Of the round, how much is done. */
function shareOf({ stage: { experiment } }: Whole, frame: MotionFrame | CardFrame): number {
  if (frame.kind === "card") return frame.card === "title" ? 0 : 1;
  const steps = stepsOf(experiment, frame.roundIndex).map(({ step }) => step);
  return (steps.indexOf(frame.step) + frame.progress) / steps.length;
}
