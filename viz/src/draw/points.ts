import {
  type Canvas,
  type CanvasRenderingContext2D,
  createCanvas,
  createImageData,
  type ImageData,
} from "canvas";
import type { PointsMark } from "../scene/marks.js";
import { countRows } from "./density.js";
import { drawPixels } from "./pixels.js";
import { stampSymbols } from "./symbols.js";

/*
 * Rows. A canvas call a row is too slow for a hundred thousand of them, so rows are painted into a block of
 * pixels: stamped from one sprite a style, or counted by pixel where symbols would smear into each other.
 */

/**
 * Paints rows over what is there.
 *
 * @param context scaled to logical units, and left so
 * @param scale pixels per logical unit
 */
export function drawPoints(context: CanvasRenderingContext2D, mark: PointsMark, scale: number): void {
  const x = Math.round(mark.x * scale);
  const y = Math.round(mark.y * scale);
  const width = Math.max(1, Math.round((mark.x + mark.width) * scale) - x);
  const height = Math.max(1, Math.round((mark.y + mark.height) * scale) - y);
  const { canvas, image } = blockOf(width, height);
  const pixels = { width, height, bytes: image.data };
  pixels.bytes.fill(0);
  if (mark.as === "density") countRows(pixels, mark, scale, x, y);
  else stampSymbols(pixels, mark, scale, x, y);
  canvas.getContext("2d").putImageData(image, 0, 0);
  drawPixels(context, canvas, x, y, scale);
}

interface Block {
  readonly canvas: Canvas;
  readonly image: ImageData;
}

/** Panels of one picture have few sizes, and memory that is new costs more than memory that is cleared. */
const KEPT_BLOCKS = 4;
const blocks = new Map<string, Block>();

function blockOf(width: number, height: number): Block {
  const key = `${width}x${height}`;
  let block = blocks.get(key);
  if (block === undefined) {
    if (blocks.size === KEPT_BLOCKS) blocks.delete(blocks.keys().next().value!);
    block = { canvas: createCanvas(width, height), image: createImageData(width, height) };
    blocks.set(key, block);
  }
  return block;
}
