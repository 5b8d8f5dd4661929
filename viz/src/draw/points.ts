import { type Canvas, createCanvas, createImageData } from "canvas";
import type { PointsMark } from "../scene/marks.js";
import { countRows } from "./density.js";
import { stampSymbols } from "./symbols.js";

/*
 * Rows. A canvas call a row is too slow for a hundred thousand of them, so rows are painted into a block of
 * pixels: stamped from one sprite a style, or counted by pixel where symbols would smear into each other.
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
  const pixels = { width, height, bytes: new Uint8ClampedArray(4 * width * height) };
  if (mark.as === "density") countRows(pixels, mark, scale, x, y);
  else stampSymbols(pixels, mark, scale, x, y);
  const canvas = createCanvas(width, height);
  canvas.getContext("2d").putImageData(createImageData(pixels.bytes, width, height), 0, 0);
  return { canvas, x, y };
}
