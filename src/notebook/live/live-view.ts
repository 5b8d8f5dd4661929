import { messageOf, nameSettings, RunError } from "../../errors.js";
import { readPointsOf } from "../../experiment/row-map.js";
import type { Configuration } from "../../experiment/settings.js";
import { describeEvent } from "../../federation/event-line.js";
import type { RunEvent } from "../../federation/run-event.js";
import { paragraph, svgImage } from "../../markup/html.js";
import { noticeLines } from "../../report/run-report.js";
import type { Frontend } from "../output/frontend.js";
import { livePicture } from "./live-picture.js";
import {
  type LiveState,
  liveState,
  observe,
  observeFailure,
  observeRows,
  progressLine,
} from "./live-state.js";

/** Milliseconds between two pictures: more of them nobody would see, and a notebook server would have to carry. */
const INTERVAL = 100;

/** Shows a run while it goes, in one output that is replaced in place. */
export interface LiveView {
  onEvent(event: RunEvent): void;
  /**
   * Shows how the run ended, with the rows that it recorded.
   *
   * @param experimentDir null: without them
   */
  end(experimentDir?: string | null): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** @param settings of the run, complete */
export function liveView(frontend: Frontend, settings: Configuration): LiveView {
  const output = frontend.newOutput();
  const state = liveState(settings);
  let shownAt = -Infinity;
  let showing: Promise<void> = Promise.resolve();
  const show = () => {
    shownAt = performance.now();
    const text = progressLine(state);
    const content = isTerminal ? { text } : { ...pictureOf(state, text), text };
    showing = showing.then(() => output.show(content));
  };
  const isTerminal = frontend.kind === "terminal";
  const isLog = isTerminal && !process.stdout.isTTY;
  return {
    onEvent(event) {
      observe(state, event);
      if (isLog) {
        // A file cannot replace a line, so each event is a line of its own, as on the command line.
        const line = describeEvent(event);
        if (line !== null) showing = showing.then(() => output.show({ text: asSettings(line) }));
      } else if (isTerminal && event.type === "notice") {
        const text = asSettings(describeEvent(event)!);
        const above = frontend.newOutput();
        showing = showing.then(() => above.show({ text })).then(() => above.end());
      } else if (performance.now() - shownAt >= INTERVAL) show();
    },
    async end(experimentDir = null) {
      if (!isTerminal && experimentDir !== null) showRows(state, experimentDir);
      show();
      await showing;
      output.end();
    },
    async fail(error) {
      observeFailure(state, asSettings(messageOf(error)));
      show();
      await showing;
      output.end();
    },
  };
}

/** Bytes of recorded rows that are read for a picture at most. */
const MOST_BYTES = 2 ** 25;

/** Puts the rows that were recorded on the map. */
function showRows(state: LiveState, experimentDir: string): void {
  if (state.last === null) return;
  try {
    const { of, points } = readPointsOf(experimentDir, state.last.global.means.nColumns, MOST_BYTES);
    observeRows(state, of, [...points.values()]);
  } catch (error) {
    // The run is done: a picture without rows is no reason to lose it.
    if (!(error instanceof RunError)) throw error;
  }
}

/** The picture, with what the user should know below it. */
function pictureOf(state: LiveState, text: string): { svg: string } | { html: string } {
  const svg = livePicture(state);
  if (state.notices.length === 0) return { svg };
  return { html: svgImage(svg, text) + paragraph(noticeLines(state.notices)) };
}

/** The line with settings named as a cell names them. */
function asSettings(line: string): string {
  return nameSettings(line, (name) => name);
}
