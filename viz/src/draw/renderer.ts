import { type Canvas, createCanvas } from "canvas";
import type { Experiment } from "../read/experiment.js";
import type { Frame } from "../scene/frame.js";
import type { Layer, Scene } from "../scene/marks.js";
import { createComposer } from "../scene/scene.js";
import type { RenderOptions } from "../scene/stage.js";
import { drawMark } from "./marks.js";

/** Layers of one key are drawn once while they are in use; a view and its neighbours need about this many. */
const KEPT_LAYERS = 12;

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

/** Turns scenes into pixels, on one canvas. */
export function createPainter(width: number, height: number): (scene: Scene) => Canvas {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  const kept = new Map<string, Canvas>();

  function layerCanvas(layer: Layer, key: string, scale: number): Canvas {
    let drawn = kept.get(key);
    if (drawn === undefined) {
      if (kept.size === KEPT_LAYERS) kept.delete(kept.keys().next().value!);
      drawn = paintLayer(layer, scale);
    }
    // The latest used is the last to go.
    kept.delete(key);
    kept.set(key, drawn);
    return drawn;
  }

  function paintLayer(layer: Layer, scale: number): Canvas {
    const own = createCanvas(width, height);
    const ownContext = own.getContext("2d");
    ownContext.scale(scale, scale);
    for (const mark of layer.marks) drawMark(ownContext, mark, scale);
    return own;
  }

  return (scene) => {
    const scale = Math.min(width / scene.width, height / scene.height);
    // What a mark leaves set must not reach the next picture: a frame has the same pixels whatever came before.
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = scene.background;
    context.fillRect(0, 0, width, height);
    for (const layer of scene.layers) {
      if (layer.opacity <= 0) continue;
      context.globalAlpha = layer.opacity;
      if (layer.key !== null) {
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.drawImage(layerCanvas(layer, layer.key, scale), 0, 0);
      } else {
        context.setTransform(scale, 0, 0, scale, 0, 0);
        for (const mark of layer.marks) drawMark(context, mark, scale);
      }
    }
    context.restore();
    return canvas;
  };
}
