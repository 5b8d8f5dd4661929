import type { PointsMark, Shape } from "../scene/marks/marks.js";
import type { Host } from "./host.js";
import { type Pixels, rgb } from "./pixels.js";
import { addShape } from "./shapes.js";

/** A shape's pixels. */
interface Sprite {
  /** Where each pixel is, from the sprite's upper left corner. */
  readonly dx: Int16Array;
  readonly dy: Int16Array;
  /** How much of each pixel the shape covers, 0 to 1. */
  readonly coverage: Float32Array;
  readonly size: number;
}

/**
 * Stamps one sprite a row or group, later ones over earlier ones; of a group one of as many times the area.
 *
 * @param scale pixels per logical unit
 * @param x0 left edge of the block in the picture, in pixels
 * @param y0 its upper edge
 */
export function stampSymbols(
  host: Host,
  pixels: Pixels,
  mark: PointsMark,
  scale: number,
  x0: number,
  y0: number,
): void {
  const ofOne = mark.styles.map(({ shape }) => spriteOf(host, shape, mark.radius * scale));
  const colors = mark.styles.map(({ color }) => rgb(color));
  const { positions, labels, weights, opacity } = mark;
  for (let i = 0; i < positions.length / 2; i++) {
    const style = labels === null ? 0 : labels[i];
    const sprite =
      weights === null
        ? ofOne[style]
        : spriteOf(host, mark.styles[style].shape, inEighths(mark.radius * scale * Math.sqrt(weights[i])));
    const left = Math.round(positions[2 * i] * scale - sprite.size / 2) - x0;
    const top = Math.round(positions[2 * i + 1] * scale - sprite.size / 2) - y0;
    stamp(pixels, sprite, colors[style], opacity, left, top);
  }
}

function stamp(
  { width, height, bytes }: Pixels,
  { dx, dy, coverage }: Sprite,
  [red, green, blue]: readonly [number, number, number],
  opacity: number,
  left: number,
  top: number,
): void {
  for (let p = 0; p < coverage.length; p++) {
    const x = left + dx[p];
    const y = top + dy[p];
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const at = 4 * (y * width + x);
    const alpha = coverage[p] * opacity;
    const below = (bytes[at + 3] / 255) * (1 - alpha);
    const sum = alpha + below;
    bytes[at] = (red * alpha + bytes[at] * below) / sum;
    bytes[at + 1] = (green * alpha + bytes[at + 1] * below) / sum;
    bytes[at + 2] = (blue * alpha + bytes[at + 2] * below) / sum;
    bytes[at + 3] = 255 * sum;
  }
}

/** So that few radii differ, each of which has a sprite that is kept. */
function inEighths(radius: number): number {
  return Math.max(1, Math.round(8 * radius)) / 8;
}

const sprites = new Map<string, Sprite>();

function spriteOf(host: Host, shape: Shape, radius: number): Sprite {
  const key = `${shape}/${radius}`;
  let sprite = sprites.get(key);
  if (sprite === undefined) {
    sprite = drawSprite(host, shape, radius);
    sprites.set(key, sprite);
  }
  return sprite;
}

function drawSprite(host: Host, shape: Shape, radius: number): Sprite {
  const size = 2 * Math.ceil(radius * 1.75) + 1;
  const context = host.contextOf(host.createCanvas(size, size));
  context.beginPath();
  addShape(context, shape, size / 2, size / 2, radius);
  context.fill();
  const { data } = context.getImageData(0, 0, size, size);
  const covered = Array.from({ length: size * size }, (_, i) => i).filter((i) => data[4 * i + 3] > 0);
  return {
    dx: Int16Array.from(covered, (i) => i % size),
    dy: Int16Array.from(covered, (i) => Math.floor(i / size)),
    coverage: Float32Array.from(covered, (i) => data[4 * i + 3] / 255),
    size,
  };
}
