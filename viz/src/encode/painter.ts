import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Canvas } from "canvas";
import { createRenderer } from "../draw/renderer.js";
import type { Experiment } from "../read/experiment.js";
import { readExperiment } from "../read/read-experiment.js";
import type { Frame } from "../scene/frame.js";
import { planFrames } from "../scene/plan.js";

/** What to draw: all that a thread needs to make any picture of it. */
export interface Job {
  readonly directory: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly theme: "light" | "dark";
  /** Round numbers, both included; null is all. */
  readonly rounds: { readonly first: number; readonly last: number } | null;
  readonly smooth: boolean;
  /** Frames a second. */
  readonly fps: number;
  /** Where each frame is written as a PNG file; null: nowhere. */
  readonly framesFolder: string | null;
}

/** One picture and the frames that show it, one after the other: motion pauses. */
export interface Picture {
  readonly frame: Frame;
  readonly names: readonly string[];
}

/** The pictures of a job, in order, each with all the frames that show it. */
export function planPictures(experiment: Experiment, job: Job): Picture[] {
  const pictures: { frame: Frame; names: string[] }[] = [];
  for (const frame of planFrames(experiment, job)) {
    const before = pictures.at(-1);
    if (before !== undefined && isSame(before.frame, frame)) before.names.push(frame.name);
    else pictures.push({ frame, names: [frame.name] });
  }
  return pictures;
}

/** Draws the pictures of one job in this thread. */
export class Painter {
  readonly pictures: readonly Picture[];
  readonly #job: Job;
  readonly #render: (frame: Frame) => Canvas;
  #canvas: Canvas | null = null;
  #painted = -1;

  /** @throws VisualizeError if the directory cannot be drawn */
  constructor(job: Job, experiment: Experiment = readExperiment(job.directory)) {
    this.#job = job;
    this.pictures = planPictures(experiment, job);
    const renderer = createRenderer(experiment, job);
    this.#render = (frame) => renderer.render(frame);
  }

  /**
   * @param index of a picture
   * @returns width x height pixels, four bytes each: blue, green, red, alpha
   */
  paint(index: number): Buffer {
    this.#canvas = this.#render(this.pictures[index].frame);
    this.#painted = index;
    return this.#canvas.toBuffer("raw");
  }

  /** @returns the bytes of a PNG file of a picture, small rather than soon */
  png(index: number): Buffer {
    return this.#render(this.pictures[index].frame).toBuffer("image/png");
  }

  /** Writes the frame files of the picture painted last, if the job wants any. */
  save(): void {
    const folder = this.#job.framesFolder;
    if (folder === null || this.#canvas === null) return;
    mkdirSync(folder, { recursive: true });
    // Little effort compresses flat colours well.
    const filters = Canvas.PNG_NO_FILTERS;
    const png = this.#canvas.toBuffer("image/png", { compressionLevel: 1, filters });
    for (const name of this.pictures[this.#painted].names) writeWhole(join(folder, `${name}.png`), png);
  }
}

function isSame(a: Frame, b: Frame): boolean {
  const picture = (frame: Frame) => JSON.stringify({ ...frame, name: null });
  return a.roundIndex === b.roundIndex && picture(a) === picture(b);
}

/** A file that is there is whole. */
function writeWhole(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.tmp`;
  try {
    writeFileSync(temporary, bytes);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
