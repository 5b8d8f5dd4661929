import { sceneDrawer } from "../../draw/scene-drawer.js";
import { type Followed, followedScene } from "../../scene/follow.js";
import type { Frame } from "../../scene/frames/frame.js";
import type { Scene } from "../../scene/marks/marks.js";
import type { ThemeName } from "../../scene/marks/theme.js";
import { createComposer } from "../../scene/scene.js";
import type { PackedRun } from "../packed-run.js";
import { BROWSER_HOST } from "./browser-host.js";

/** Pixels of a picture at most: a dozen of them are kept. */
const MOST_PIXELS = 6e6;

/** The picture on the page: draws frames into its canvas, at the size that it has there. */
export class Picture {
  /** What was drawn last; null before anything was. */
  scene: Scene | null = null;
  readonly #canvas: HTMLCanvasElement;
  readonly #run: PackedRun;
  #compose: ((frame: Frame) => Scene) | null = null;
  #draw: ((scene: Scene) => HTMLCanvasElement) | null = null;
  #key = "";

  constructor(canvas: HTMLCanvasElement, run: PackedRun) {
    this.#canvas = canvas;
    this.#run = run;
  }

  /**
   * Takes a size and a theme; all that was drawn so far is forgotten where they are new.
   *
   * @param width in the page's own pixels
   */
  setUp(width: number, height: number, theme: ThemeName): void {
    const ratio = Math.min(window.devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / (width * height)));
    const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    const key = `${w} ${h} ${theme}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#canvas.width = w;
    this.#canvas.height = h;
    const { experiment, labelsOf, shown } = this.#run;
    const { clients, scale } = shown;
    this.#compose = createComposer(experiment, { width: w, height: h, theme, clients, scale }, labelsOf);
    this.#draw = sceneDrawer(BROWSER_HOST, w, h);
  }

  draw(frame: Frame, followed: Followed): void {
    if (this.#compose === null || this.#draw === null) return;
    this.scene = this.#compose(frame);
    const { k } = this.#run.experiment.rounds[frame.roundIndex];
    const drawn = this.#draw(followedScene(this.scene, followed, k));
    const context = this.#canvas.getContext("2d")!;
    context.drawImage(drawn, 0, 0);
  }

  /** A place of the page in the scene's own units, and how many of them a pixel of the page is. */
  placeAt(event: { readonly clientX: number; readonly clientY: number }): {
    x: number;
    y: number;
    unit: number;
  } {
    const box = this.#canvas.getBoundingClientRect();
    const unit = this.scene === null ? 1 : this.scene.width / box.width;
    return { x: (event.clientX - box.left) * unit, y: (event.clientY - box.top) * unit, unit };
  }
}
