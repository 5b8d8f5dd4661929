import { Presets, SingleBar } from "cli-progress";
import { withInterrupt } from "../files/interrupt.js";
import { tellFolder } from "./leftovers.js";

/** What a study is given beside its settings. */
interface StudyHooks {
  /** Folder of the results. */
  readonly output: string;
  readonly signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/**
 * Does a study: shows its progress, aborts it on a signal, and leaves no half-written file in its folder.
 *
 * @param quiet show nothing
 */
export async function doStudy<Result>(
  output: string,
  quiet: boolean,
  work: (hooks: StudyHooks) => Promise<Result>,
): Promise<Result> {
  tellFolder(output);
  const { onProgress, stop } = studyProgress(quiet);
  try {
    return await withInterrupt((signal) => work({ output, signal, onProgress }));
  } finally {
    stop();
  }
}

interface Progress {
  onProgress(done: number, total: number): void;
  stop(): void;
}

/** Progress of a study's runs on standard error: a bar on a terminal, a line each tenth elsewhere. */
function studyProgress(quiet: boolean): Progress {
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
