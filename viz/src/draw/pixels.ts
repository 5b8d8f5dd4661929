import type { Pen, Surface } from "./host.js";

/** A block of pixels. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** (height, width, 4): red, green, blue, alpha; not premultiplied. */
  readonly bytes: Uint8ClampedArray;
}

/** "#rrggbb" as red, green and blue, 0 to 255. */
export function rgb(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/**
 * Copies a canvas pixel by pixel.
 *
 * @param pen not on paper; its context is scaled to logical units, and left so
 * @param x left edge, in whole pixels
 * @param y upper edge
 */
export function drawPixels({ context, scale }: Pen, canvas: Surface, x: number, y: number): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(canvas, x, y);
  context.setTransform(scale, 0, 0, scale, 0, 0);
}
