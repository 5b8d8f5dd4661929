import { setImmediate } from "node:timers/promises";
import type { Experiment } from "../read/experiment.js";
import { type Job, Painter } from "./painter.js";
import { paintInWorkers } from "./workers.js";

/** Threads take about as long to start and to warm up as one needs for this many pictures. */
const FEW = 24;

/**
 * Paints the pictures of a job and writes their frame files.
 *
 * @param experiment of the job's directory
 * @param nPictures how many the job has
 * @param nWorkers threads to use; with one, or for few pictures, the calling thread
 * @returns their pixels, in order; a picture that is asked for late is painted late
 * @throws RunError if a file cannot be written; the signal's reason if it is aborted
 */
export function paintPictures(
  job: Job,
  experiment: Experiment,
  nPictures: number,
  nWorkers: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const useful = Math.min(nWorkers, nPictures);
  if (useful < 2 || nPictures <= FEW) return paintHere(job, experiment, signal);
  return paintInWorkers(job, nPictures, useful, signal);
}

async function* paintHere(job: Job, experiment: Experiment, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const painter = new Painter(job, experiment);
  let saved = Promise.resolve();
  try {
    for (const index of painter.pictures.keys()) {
      signal.throwIfAborted();
      const pixels = painter.paint(index);
      await saved;
      saved = painter.save(index, pixels);
      yield pixels;
      // Lets pixels flow to the encoder, and an interrupt in.
      await setImmediate();
    }
  } finally {
    await saved;
  }
}
