import { closeSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { messageOf, RunError } from "fedkmeans/directory";
import { beginPartial, finishPartial } from "../encode/partial-file.js";
import type { Experiment } from "../read/experiment.js";
import { ALT_TEXT_START, altTextOf } from "../scene/captions/alt-text.js";
import { type Shown, subtitlesOf } from "../scene/captions/subtitles.js";

/* Beside a video: what it shows in words, as subtitles and as an alternative text. */

/** Texts that wait for their video. */
export interface Beside {
  /** Where they go. */
  readonly files: readonly string[];
  /** Of files that are somebody else's, and stay. */
  readonly notes: readonly string[];
  /** Puts them in their places. @throws RunError naming the file that cannot be written */
  finish(): void;
  /** Removes those that are in no place. */
  discard(): void;
}

const SUBTITLES_START = "WEBVTT";

/**
 * Writes the texts of a video under other names, so that they are there only when it is.
 *
 * @param video its file: `NAME.txt` is beside it, and `NAME.vtt`, unless it is a GIF, which nothing plays with subtitles
 * @throws RunError naming a file that cannot be written
 */
export function beginBeside(
  video: string,
  experiment: Experiment,
  shown: readonly Shown[],
  fps: number,
): Beside {
  const stem = video.slice(0, -extname(video).length);
  const frames = shown.map(({ frame }) => frame);
  const wanted = [
    { path: `${stem}.txt`, start: ALT_TEXT_START, text: () => altTextOf(experiment, frames) },
    { path: `${stem}.vtt`, start: SUBTITLES_START, text: () => subtitlesOf(experiment, shown, fps) },
  ].filter(({ path }) => extname(video).toLowerCase() !== ".gif" || !path.endsWith(".vtt"));
  const notes: string[] = [];
  const begun: { path: string; partial: string }[] = [];
  const discard = () => {
    for (const { partial } of begun) rmSync(partial, { force: true });
  };
  // Where there can be no video, that is to be said, and not of its texts.
  rmSync(beginPartial(video), { force: true });
  try {
    for (const { path, start, text } of wanted) {
      if (isOfOthers(path, start)) {
        notes.push(`${basename(path)} was there and is no text of a video: it is left as it is`);
        continue;
      }
      const partial = beginPartial(path);
      begun.push({ path, partial });
      writeFileSync(partial, text());
    }
  } catch (error) {
    discard();
    throw error instanceof RunError
      ? error
      : new RunError(`cannot write beside ${video}: ${messageOf(error)}`);
  }
  return {
    files: begun.map(({ path }) => path),
    notes,
    finish: () => {
      for (const { path, partial } of begun) finishPartial(partial, path);
    },
    discard,
  };
}

/** Whether a file is there that does not begin as the text does. */
function isOfOthers(path: string, start: string): boolean {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return false;
  }
  try {
    const bytes = Buffer.alloc(start.length);
    readSync(file, bytes, 0, start.length, 0);
    return bytes.toString() !== start;
  } catch {
    // A folder: writing says so.
    return false;
  } finally {
    closeSync(file);
  }
}
