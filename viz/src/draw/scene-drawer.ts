import type { Layer, Mark, Scene } from "../scene/marks/marks.js";
import type { Context2D, Host, Pen, Surface } from "./host.js";
import { drawMark } from "./marks.js";

/** Pictures of layers that are kept: a view and its neighbours need about this many. */
const KEPT_PICTURES = 8;

/** A canvas with its context. */
interface Sheet<S> {
  readonly surface: S;
  readonly context: Context2D;
}

/**
 * Turns scenes into pixels, on one canvas, which changes with the next scene. What does not change from scene to scene
 * is drawn once.
 *
 * @param width of the canvas in pixels
 */
export function sceneDrawer<S extends Surface>(
  host: Host<S>,
  width: number,
  height: number,
): (scene: Scene) => S {
  const sheet = newSheet();
  const { context } = sheet;
  const kept = new Map<string, Sheet<S>>();

  function newSheet(): Sheet<S> {
    const surface = host.createCanvas(width, height);
    return { surface, context: host.contextOf(surface) };
  }

  /** The picture of some layers, the first on a background or on nothing. */
  function picture(layers: readonly Layer[], background: string | null, scale: number): S {
    const key = [background ?? "", ...layers.map((layer) => layer.key)].join("\n");
    const drawn = kept.get(key) ?? drawPicture(layers, background, scale);
    // A picture that was just used is the last to be dropped.
    kept.delete(key);
    kept.set(key, drawn);
    return drawn.surface;
  }

  function drawPicture(layers: readonly Layer[], background: string | null, scale: number): Sheet<S> {
    const below = layers.length > 1 ? picture(layers.slice(0, -1), background, scale) : null;
    const drawn = freeSheet();
    const own = drawn.context;
    own.save();
    if (below !== null) copyPicture(own, below);
    else if (background === null) own.clearRect(0, 0, width, height);
    else {
      own.fillStyle = background;
      own.fillRect(0, 0, width, height);
    }
    own.scale(scale, scale);
    drawAll({ context: own, scale, host, isVector: false }, layers.at(-1)?.marks ?? []);
    own.restore();
    return drawn;
  }

  /** A new canvas costs more than most of what is drawn on it. */
  function freeSheet(): Sheet<S> {
    if (kept.size < KEPT_PICTURES) return newSheet();
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
        drawAll({ context, scale, host, isVector: false }, layer.marks);
      }
    }
    context.restore();
    return sheet.surface;
  };
}

function copyPicture(context: Context2D, drawn: Surface): void {
  context.globalCompositeOperation = "copy";
  context.drawImage(drawn, 0, 0);
  context.globalCompositeOperation = "source-over";
}

/** Draws marks over each other. */
export function drawAll(pen: Pen, marks: readonly Mark[]): void {
  for (const mark of marks) drawMark(pen, mark);
}
