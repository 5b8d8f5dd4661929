import { Presets, SingleBar } from "cli-progress";

/**
 * Progress of a study's runs on standard error: a bar on a terminal, a line each tenth elsewhere.
 *
 * @param quiet show nothing
 */
export function studyProgress(quiet: boolean): {
  onProgress(done: number, total: number): void;
  stop(): void;
} {
  if (quiet) return { onProgress: () => {}, stop: () => {} };
  if (process.stderr.isTTY) {
    const format = "[{bar}] {value}/{total} runs · {eta_formatted} to go";
    const bar = new SingleBar(
      { format, barsize: 24, hideCursor: true, clearOnComplete: true, stream: process.stderr },
      Presets.rect,
    );
    let started = false;
    return {
      onProgress(done, total) {
        if (started) bar.update(done);
        else bar.start(total, done);
        started = true;
      },
      stop() {
        if (started) bar.stop();
        started = false;
      },
    };
  }
  let shown = -1;
  return {
    onProgress(done, total) {
      const tenth = total === 0 ? 10 : Math.floor((10 * done) / total);
      if (tenth === shown) return;
      shown = tenth;
      process.stderr.write(`${done} of ${total} runs\n`);
    },
    stop: () => {},
  };
}
