import { type Canvas, createCanvas } from "canvas";
import type { Experiment } from "../read/experiment.js";
import type { Frame } from "../scene/frame.js";
import type { Layer, Scene } from "../scene/marks.js";
import { createComposer } from "../scene/scene.js";
import type { RenderOptions } from "../scene/stage.js";
import { drawMark } from "./marks.js";

/** Pictures of layers that are kept: a view and its neighbours need about this many. */
const KEPT_PICTURES = 12;

export interface Renderer {
  /** The frame's picture. The canvas is the renderer's own: it changes with the next call. */
  render(frame: Frame): Canvas;
}

/**
 * Draws frames of one experiment.
 *
 * @param options size in pixels, and theme
 */
export function createRenderer(experiment: Experiment, options: RenderOptions): Renderer {
  const compose = createComposer(experiment, options);
  const paint = createPainter(options.width, options.height);
  return { render: (frame) => paint(compose(frame)) };
}

/** Turns scenes into pixels, on one canvas. What does not change from scene to scene is drawn once. */
export function createPainter(width: number, height: number): (scene: Scene) => Canvas {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  const kept = new Map<string, Canvas>();

  /** The picture of some layers, on a background or on nothing. */
  function picture(layers: readonly Layer[], background: string | null, scale: number): Canvas {
    const key = [background ?? "", ...layers.map((layer) => layer.key)].join("\n");
    let drawn = kept.get(key);
    if (drawn === undefined) {
      if (kept.size === KEPT_PICTURES) kept.delete(kept.keys().next().value!);
      drawn = createCanvas(width, height);
      const own = drawn.getContext("2d");
      if (background !== null) {
        own.fillStyle = background;
        own.fillRect(0, 0, width, height);
      }
      own.scale(scale, scale);
      for (const { marks } of layers) for (const mark of marks) drawMark(own, mark, scale);
    }
    // The latest used is the last to go.
    kept.delete(key);
    kept.set(key, drawn);
    return drawn;
  }

  return (scene) => {
    const scale = Math.min(width / scene.width, height / scene.height);
    const firstDrawnAnew = scene.layers.findIndex(({ key, opacity }) => key === null || opacity < 1);
    const base = scene.layers.slice(0, firstDrawnAnew < 0 ? scene.layers.length : firstDrawnAnew);
    // What a mark leaves set must not reach the next picture: a frame has the same pixels whatever came before.
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.globalCompositeOperation = "copy";
    context.drawImage(picture(base, scene.background, scale), 0, 0);
    context.globalCompositeOperation = "source-over";
    for (const layer of scene.layers.slice(base.length)) {
      if (layer.opacity <= 0) continue;
      context.globalAlpha = layer.opacity;
      if (layer.key !== null) {
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.drawImage(picture([layer], null, scale), 0, 0);
      } else {
        context.setTransform(scale, 0, 0, scale, 0, 0);
        for (const mark of layer.marks) drawMark(context, mark, scale);
      }
    }
    context.restore();
    return canvas;
  };
}
