import type { Experiment } from "../../read/experiment.js";
import type { Frame } from "../frames/frame.js";
import { roundTitle, sentenceOf } from "../frames/sentence.js";
import { captionOf } from "../frames/steps.js";
import { titleTexts } from "../motion/cards.js";

/** A picture of a video, and how many frames show it. */
export interface Shown {
  readonly frame: Frame;
  readonly count: number;
}

/**
 * What a video shows, in words beside it: a cue for each still picture, or step, as WebVTT.
 *
 * @param shown in order
 * @param fps frames a second
 * @see W3C, WebVTT: The Web Video Text Tracks Format
 */
export function subtitlesOf(experiment: Experiment, shown: readonly Shown[], fps: number): string {
  const cues: { text: string; begin: number; end: number }[] = [];
  let at = 0;
  for (const { frame, count } of shown) {
    const text = wordsOf(experiment, frame);
    const [begin, end] = [at / fps, (at + count) / fps];
    at += count;
    const last = cues.at(-1);
    if (last?.text === text) last.end = end;
    else cues.push({ text, begin, end });
  }
  const blocks = cues.map(
    ({ text, begin, end }) => `${timeText(begin)} --> ${timeText(end)}\n${escaped(text)}`,
  );
  return `${["WEBVTT", ...blocks].join("\n\n")}\n`;
}

/** What a picture shows, in a sentence or two. */
export function wordsOf(experiment: Experiment, frame: Frame): string {
  const { roundIndex } = frame;
  if (frame.kind === "card" && frame.card === "title") return `${titleTexts(experiment).join(". ")}.`;
  const said =
    frame.kind === "still"
      ? `${frame.view}. ${sentenceOf(experiment, roundIndex, frame.view)}`
      : frame.kind === "card"
        ? sentenceOf(experiment, roundIndex, "global")
        : (frame.caption ?? captionOf(experiment, roundIndex, frame.step));
  return `${roundTitle(experiment, roundIndex)}${frame.kind === "still" ? ", " : ". "}${said}`;
}

/** "00:01:02.345". */
function timeText(seconds: number): string {
  const ms = Math.round(1000 * seconds);
  const part = (value: number, digits: number) => String(value).padStart(digits, "0");
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60];
  return `${part(hours, 2)}:${part(minutes, 2)}:${part(Math.floor(ms / 1000) % 60, 2)}.${part(ms % 1000, 3)}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
