import { Presets, SingleBar } from "cli-progress";

interface Progress {
  onProgress(done: number, total: number): void;
  /** Clears the way for the report; may be called twice. */
  stop(): void;
}

/** Work that takes less needs no progress. */
const QUIET_MS = 1000;
/** Between two plain lines. */
const LINE_MS = 5000;

/** Shows how many frames are done, on standard error: a bar on a terminal, a line now and then elsewhere. */
export function showProgress(): Progress {
  return process.stderr.isTTY ? bar() : lines();
}

function bar(): Progress {
  const format = "drawing [{bar}] {value}/{total} frames · {eta} s left";
  const options = { format, barsize: 24, hideCursor: true, clearOnComplete: true, stream: process.stderr };
  const single = new SingleBar(options, Presets.rect);
  let started = false;
  return {
    onProgress(done, total) {
      if (!started) single.start(total, 0);
      started = true;
      single.update(done);
    },
    stop() {
      if (started) single.stop();
      started = false;
    },
  };
}

function lines(): Progress {
  let next = performance.now() + QUIET_MS;
  return {
    onProgress(done, total) {
      if (performance.now() < next) return;
      next = performance.now() + LINE_MS;
      process.stderr.write(`${done} of ${total} frames\n`);
    },
    stop: () => {},
  };
}
