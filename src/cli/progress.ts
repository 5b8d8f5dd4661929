import { describeEvent, movement, withPoints } from "../federation/event-line.js";
import type { RunEvent } from "../federation/run-event.js";
import { asOptions } from "./settings-options.js";

interface Progress {
  onEvent(event: RunEvent): void;
  /** Clears the way for the report; may be called twice. */
  stop(): void;
}

/**
 * Shows a run as it goes, on standard error: a bar on a terminal, plain lines elsewhere.
 *
 * @param quiet show nothing
 */
export function showProgress(quiet: boolean): Progress {
  if (quiet) return { onEvent: () => {}, stop: () => {} };
  if (process.stderr.isTTY) return bar();
  return {
    onEvent: lines((line) => process.stderr.write(`${asOptions(line)}\n`)),
    stop: () => {},
  };
}

/** Tells of each event that is worth a line. */
export function lines(tell: (line: string) => void): Progress["onEvent"] {
  return (event) => {
    const line = describeEvent(event);
    if (line !== null) tell(line);
  };
}

function bar(): Progress {
  const format = "clustering [{bar}] round {value}/{total} at most · {detail}";
  const options = { format, barsize: 24, hideCursor: true, clearOnComplete: true, stream: process.stderr };
  // Loaded where it is needed only, for it takes a while.
  const { Presets, SingleBar } = require("cli-progress") as typeof import("cli-progress");
  const single = new SingleBar(options, Presets.rect);
  let started = false;
  let maxIterations = 0;
  return {
    onEvent(event) {
      if (event.type === "handshake") maxIterations = event.maxIterations;
      if (event.type === "handshake" || event.type === "notice") {
        if (started) single.stop();
        started = false;
        process.stderr.write(`${asOptions(describeEvent(event)!)}\n`);
      }
      if (event.type !== "round") return;
      if (!started) single.start(maxIterations, 0, { detail: "start" });
      started = true;
      const { round, convergenceChange } = event.round;
      single.update(round, { detail: `${movement(convergenceChange)} · ${withPoints(event.round)}` });
    },
    stop() {
      if (started) single.stop();
      started = false;
    },
  };
}
