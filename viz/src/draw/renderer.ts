import type { Canvas } from "canvas";
import type { Experiment } from "../read/experiment.js";
import type { Frame } from "../scene/frames/frame.js";
import type { Scene } from "../scene/marks/marks.js";
import { createComposer } from "../scene/scene.js";
import type { RenderOptions } from "../scene/stage/stage.js";
import { keepMemory } from "./memory.js";
import { NODE_HOST } from "./node-host.js";
import { sceneDrawer } from "./scene-drawer.js";

export interface Renderer {
  /** The frame's picture. The canvas is the renderer's own: it changes with the next call. */
  render(frame: Frame): Canvas;
  /** What is in that picture. */
  sceneOf(frame: Frame): Scene;
}

/**
 * Draws frames of one experiment.
 *
 * @param options size in pixels, and theme
 */
export function createRenderer(experiment: Experiment, options: RenderOptions): Renderer {
  keepMemory();
  const compose = createComposer(experiment, options);
  const draw = sceneDrawer(NODE_HOST, options.width, options.height);
  return { render: (frame) => draw(compose(frame)), sceneOf: compose };
}
