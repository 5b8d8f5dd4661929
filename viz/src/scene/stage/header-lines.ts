import type { Experiment } from "../../read/experiment.js";
import { VIEWS } from "../frames/frame.js";
import { sentenceOf } from "../frames/sentence.js";
import { SIZES } from "../marks/sizes.js";
import { wrapText } from "../text/wrap.js";
import { MARGIN, type Units } from "./layout.js";

/* How many lines a header's texts take, which the layout must know before anything is drawn. */

/** Headers narrower than this, in logical units, have what is at their right on a line of its own. */
export const NARROW = 640;
/** Lines of a sentence, or of a note, at most. */
const MOST_LINES = 2;

/** How many lines of text the headers of a run have below their headline, at most: the sentence, and a note. */
export function headerLines(experiment: Experiment, units: Units): number {
  const width = units.width - 2 * MARGIN;
  const sentences = [...experiment.rounds.keys()].flatMap((roundIndex) =>
    VIEWS.map((view) => sentenceOf(experiment, roundIndex, view)),
  );
  const lines = Math.max(...sentences.map((text) => sentenceLines(text, width).length));
  return lines + noteLines(experiment, width).length + (width < NARROW ? 1 : 0);
}

/** @param width in logical units */
export function sentenceLines(text: string, width: number): string[] {
  return wrapText(text, SIZES.sentence, width, MOST_LINES);
}

/** @param width in logical units */
export function noteLines({ note }: Experiment, width: number): string[] {
  return note === null ? [] : wrapText(note, SIZES.note, width, MOST_LINES);
}
