import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, RunError } from "fedkmeans/directory";
import { drawFigure, type FigureFormat } from "../draw/figure.js";
import { createRenderer, type Renderer } from "../draw/renderer.js";
import type { Experiment } from "../read/experiment.js";
import { readExperiment } from "../read/read-experiment.js";
import { frameText } from "../scene/captions/frame-text.js";
import { wordsOf } from "../scene/captions/subtitles.js";
import type { Frame, View } from "../scene/frames/frame.js";
import { planFrames } from "../scene/frames/plan.js";
import type { RenderOptions } from "../scene/stage/stage.js";
import { createPngEncoder } from "./png.js";

/** What to draw: all that a thread needs to make any picture of it. */
export interface Job extends RenderOptions {
  readonly directory: string;
  /** Round numbers, both included; null is all. */
  readonly rounds: { readonly first: number; readonly last: number } | null;
  /** Which still pictures of a round; default all. */
  readonly views?: readonly View[];
  readonly smooth: boolean;
  /** Frames a second. */
  readonly fps: number;
  /** Where each frame is written as a file; null: nowhere. */
  readonly framesFolder: string | null;
  /** What the files are. Of vectors, no pixels are painted. */
  readonly frameFormat: FigureFormat;
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
  readonly #experiment: Experiment;
  readonly #renderer: Renderer;
  readonly #encodePng: (pixels: Uint8Array) => Promise<Uint8Array>;

  /** @throws RunError if the directory cannot be drawn */
  constructor(job: Job, experiment: Experiment = readExperiment(job.directory)) {
    this.#job = job;
    this.#experiment = experiment;
    this.pictures = planPictures(experiment, job);
    this.#renderer = createRenderer(experiment, job);
    this.#encodePng = createPngEncoder(job.width, job.height);
  }

  /**
   * @param index of a picture
   * @returns width x height pixels, four bytes each: blue, green, red, alpha; none where frames are vectors
   */
  paint(index: number): Buffer {
    if (this.#job.frameFormat !== "png") return Buffer.alloc(0);
    return this.#renderer.render(this.pictures[index].frame).toBuffer("raw");
  }

  /** @returns the bytes of a file of a picture, small rather than soon */
  figure(index: number, format: FigureFormat): Buffer {
    const { frame } = this.pictures[index];
    const scene = this.#renderer.sceneOf(frame);
    const text =
      frame.kind === "still"
        ? frameText(this.#experiment, frame, this.#job.title)
        : { title: this.#job.title ?? "Federated k-means", description: wordsOf(this.#experiment, frame) };
    return drawFigure(scene, format, this.#job, text);
  }

  /**
   * Writes the frame files of a picture, if the job wants any; one picture at a time.
   *
   * @param pixels may be used for other things as soon as this returns, before the files are written
   */
  async save(index: number, pixels: Uint8Array): Promise<void> {
    const { framesFolder, frameFormat } = this.#job;
    if (framesFolder === null) return;
    const bytes = await (frameFormat === "png" ? this.#encodePng(pixels) : this.figure(index, frameFormat));
    const { names } = this.pictures[index];
    await Promise.all(names.map((name) => writeWhole(join(framesFolder, `${name}.${frameFormat}`), bytes)));
  }
}

function isSame(a: Frame, b: Frame): boolean {
  const picture = (frame: Frame) => JSON.stringify({ ...frame, name: null });
  return a.roundIndex === b.roundIndex && picture(a) === picture(b);
}

/** A file that is there is whole. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new RunError(`cannot write ${path}: ${messageOf(error)}`);
  }
}
