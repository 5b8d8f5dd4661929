import { type Canvas, createCanvas, createImageData } from "canvas";
import type { PointsMark } from "../scene/marks.js";
import { tracePath } from "./shapes.js";

/*
 * Rows. A canvas call a row is too slow for a hundred thousand of them, so rows are stamped into a block of
 * pixels from one sprite a style, or counted by pixel where symbols would smear into each other.
 */

/**
 * Paints rows on a canvas of their own.
 *
 * @param scale pixels per logical unit
 * @returns the canvas, and where its upper left corner goes, in pixels
 */
export function paintPoints(mark: PointsMark, scale: number): { canvas: Canvas; x: number; y: number } {
  const x = Math.round(mark.x * scale);
  const y = Math.round(mark.y * scale);
  const width = Math.max(1, Math.round((mark.x + mark.width) * scale) - x);
  const height = Math.max(1, Math.round((mark.y + mark.height) * scale) - y);
  const pixels = new PixelBlock(width, height);
  if (mark.as === "density") countByPixel(pixels, mark, scale, x, y);
  else stampSprites(pixels, mark, scale, x, y);
  return { canvas: pixels.toCanvas(), x, y };
}

/** Premultiplied colours with an alpha, added one over the other. */
class PixelBlock {
  readonly width: number;
  readonly height: number;
  /** (height, width, 4), 0 to 1. */
  readonly values: Float32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.values = new Float32Array(width * height * 4);
  }

  toCanvas(): Canvas {
    const { width, height, values } = this;
    const bytes = new Uint8ClampedArray(values.length);
    for (let i = 0; i < values.length; i += 4) {
      const alpha = values[i + 3];
      if (alpha === 0) continue;
      bytes[i] = (values[i] / alpha) * 255;
      bytes[i + 1] = (values[i + 1] / alpha) * 255;
      bytes[i + 2] = (values[i + 2] / alpha) * 255;
      bytes[i + 3] = alpha * 255;
    }
    const canvas = createCanvas(width, height);
    canvas.getContext("2d").putImageData(createImageData(bytes, width, height), 0, 0);
    return canvas;
  }
}

function stampSprites(pixels: PixelBlock, mark: PointsMark, scale: number, x0: number, y0: number): void {
  const radius = mark.radius * scale;
  const sprites = mark.styles.map((style) => spriteOf(style.shape, radius));
  const colors = mark.styles.map((style) => rgb(style.color));
  const { positions, labels, opacity } = mark;
  const { width, height, values } = pixels;
  for (let i = 0; i < positions.length / 2; i++) {
    const style = labels === null ? 0 : labels[i];
    const { alphas, size } = sprites[style];
    const [r, g, b] = colors[style];
    const left = Math.round(positions[2 * i] * scale - size / 2) - x0;
    const top = Math.round(positions[2 * i + 1] * scale - size / 2) - y0;
    for (let v = Math.max(0, -top); v < size && top + v < height; v++) {
      for (let u = Math.max(0, -left); u < size && left + u < width; u++) {
        const alpha = alphas[v * size + u] * opacity;
        if (alpha === 0) continue;
        const at = ((top + v) * width + left + u) * 4;
        const rest = 1 - alpha;
        values[at] = values[at] * rest + r * alpha;
        values[at + 1] = values[at + 1] * rest + g * alpha;
        values[at + 2] = values[at + 2] * rest + b * alpha;
        values[at + 3] = values[at + 3] * rest + alpha;
      }
    }
  }
}

/** Sides of the squares in which rows are counted, in pixels, and how many rows a square should hold. */
const MIN_CELL = 1;
const MAX_CELL = 2;
const ROWS_PER_CELL = 4;
/** Share of an area that rows usually cover. */
const COVERED = 0.35;
/** Alpha of the fullest cell, and of the emptiest. */
const FULL = 0.92;
const FAINT = 0.1;

function countByPixel(pixels: PixelBlock, mark: PointsMark, scale: number, x0: number, y0: number): void {
  const { values, width, height } = pixels;
  const { positions, labels, styles } = mark;
  const n = positions.length / 2;
  const wanted = Math.sqrt((ROWS_PER_CELL * COVERED * width * height) / n);
  const cell = Math.round(Math.min(MAX_CELL, Math.max(MIN_CELL, wanted)));
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  // For each cell the number of its rows, and the sum of their colours.
  const sums = new Float32Array(columns * rows * 4);
  const colors = styles.map(({ color }) => rgb(color));
  for (let i = 0; i < n; i++) {
    const column = Math.floor((positions[2 * i] * scale - x0) / cell);
    const row = Math.floor((positions[2 * i + 1] * scale - y0) / cell);
    if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
    const at = 4 * (row * columns + column);
    const [r, g, b] = colors[labels === null ? 0 : labels[i]];
    sums[at] += r;
    sums[at + 1] += g;
    sums[at + 2] += b;
    sums[at + 3] += 1;
  }
  const smooth = blur(blur(sums, columns, rows, 4, 4 * columns), rows, columns, 4 * columns, 4);
  let fullest = 1;
  for (let at = 3; at < smooth.length; at += 4) fullest = Math.max(fullest, smooth[at]);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (Math.floor(y / cell) * columns + Math.floor(x / cell));
      const count = smooth[at + 3];
      if (count < 0.06) continue;
      // Logarithmic, so that both a dense core and its sparse edge are seen.
      const alpha = FAINT + ((FULL - FAINT) * Math.log1p(count)) / Math.log1p(fullest);
      const pixel = 4 * (y * width + x);
      for (let channel = 0; channel < 3; channel++) {
        values[pixel + channel] = (smooth[at + channel] / count) * alpha;
      }
      values[pixel + 3] = alpha;
    }
  }
}

/** Each cell becomes (1, 2, 1) / 4 of itself and its neighbours along one axis. */
function blur(
  cells: Float32Array,
  length: number,
  lines: number,
  step: number,
  stride: number,
): Float32Array {
  const blurred = new Float32Array(cells.length);
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) {
      const at = line * stride + i * step;
      for (let channel = at; channel < at + 4; channel++) {
        const before = i > 0 ? cells[channel - step] : 0;
        const after = i < length - 1 ? cells[channel + step] : 0;
        blurred[channel] = (before + 2 * cells[channel] + after) / 4;
      }
    }
  }
  return blurred;
}

interface Sprite {
  /** (size, size) coverage, 0 to 1. */
  readonly alphas: Float32Array;
  readonly size: number;
}

const sprites = new Map<string, Sprite>();

function spriteOf(shape: PointsMark["styles"][number]["shape"], radius: number): Sprite {
  const key = `${shape}/${radius}`;
  const known = sprites.get(key);
  if (known !== undefined) return known;
  const size = 2 * Math.ceil(radius * 1.75) + 1;
  const context = createCanvas(size, size).getContext("2d");
  tracePath(context, shape, size / 2, size / 2, radius);
  context.fill();
  const { data } = context.getImageData(0, 0, size, size);
  const sprite = {
    alphas: Float32Array.from({ length: size * size }, (_, i) => data[4 * i + 3] / 255),
    size,
  };
  sprites.set(key, sprite);
  return sprite;
}

/** "#rrggbb" as three shares of 1. */
function rgb(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
