import { type Canvas, type CanvasRenderingContext2D, createCanvas } from "canvas";
import type { Experiment } from "../read/experiment.js";
import type { Frame } from "../scene/frame.js";
import type { Layer, Scene } from "../scene/marks.js";
import { createComposer } from "../scene/scene.js";
import type { RenderOptions } from "../scene/stage.js";
import { drawMark } from "./marks.js";
import { keepMemory } from "./memory.js";

/** Pictures of layers that are kept: a view and its neighbours need about this many. */
const KEPT_PICTURES = 8;

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
  const draw = sceneDrawer(options.width, options.height);
  return { render: (frame) => draw(compose(frame)) };
}

/** Turns scenes into pixels, on one canvas. What does not change from scene to scene is drawn once. */
function sceneDrawer(width: number, height: number): (scene: Scene) => Canvas {
  keepMemory();
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  const kept = new Map<string, Canvas>();

  /** The picture of some layers, the first on a background or on nothing. */
  function picture(layers: readonly Layer[], background: string | null, scale: number): Canvas {
    const key = [background ?? "", ...layers.map((layer) => layer.key)].join("\n");
    const drawn = kept.get(key) ?? drawPicture(layers, background, scale);
    // A picture that was just used is the last to be dropped.
    kept.delete(key);
    kept.set(key, drawn);
    return drawn;
  }

  function drawPicture(layers: readonly Layer[], background: string | null, scale: number): Canvas {
    const below = layers.length > 1 ? picture(layers.slice(0, -1), background, scale) : null;
    const drawn = freeCanvas();
    const own = drawn.getContext("2d");
    own.save();
    if (below !== null) copyPicture(own, below);
    else if (background === null) own.clearRect(0, 0, width, height);
    else {
      own.fillStyle = background;
      own.fillRect(0, 0, width, height);
    }
    own.scale(scale, scale);
    for (const mark of layers.at(-1)?.marks ?? []) drawMark(own, mark, scale);
    own.restore();
    return drawn;
  }

  /** A new canvas costs more than most of what is drawn on it. */
  function freeCanvas(): Canvas {
    if (kept.size < KEPT_PICTURES) return createCanvas(width, height);
    const [oldest, drawn] = kept.entries().next().value!;
    kept.delete(oldest);
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
    copyPicture(context, picture(base, scene.background, scale));
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

function copyPicture(context: CanvasRenderingContext2D, drawn: Canvas): void {
  context.globalCompositeOperation = "copy";
  context.drawImage(drawn, 0, 0);
  context.globalCompositeOperation = "source-over";
}
