import { type Canvas, type CanvasRenderingContext2D, createCanvas } from "canvas";
import type { TextMark } from "../scene/marks.js";
import { fontOf } from "./fonts.js";
import { drawPixels } from "./pixels.js";

/*
 * Setting text is the slowest thing a canvas does, and pictures of one run say the same things again and again:
 * each text is set once, and its picture kept.
 */

const KEPT_TEXTS = 4000;
const kept = new Map<string, TextSprite>();

interface TextSprite {
  readonly canvas: Canvas;
  /** Where the text's own point is in its picture, in pixels. */
  readonly originX: number;
  readonly originY: number;
}

/** Draws a text at whole pixels, so that its letters stay sharp. */
export function drawText(context: CanvasRenderingContext2D, mark: TextMark, scale: number): void {
  const { canvas, originX, originY } = spriteOf(mark, scale);
  const x = Math.round(mark.x * scale) - originX;
  const y = Math.round(mark.y * scale) - originY;
  drawPixels(context, canvas, x, y, scale);
}

function spriteOf(mark: TextMark, scale: number): TextSprite {
  const { text, size, weight = "regular", fill, align = "left", maxWidth } = mark;
  const key = [scale, size, weight, fill, align, maxWidth, text].join("|");
  let sprite = kept.get(key);
  if (sprite === undefined) {
    sprite = setText(mark, scale);
    if (kept.size === KEPT_TEXTS) kept.delete(kept.keys().next().value!);
    kept.set(key, sprite);
  }
  return sprite;
}

let ruler: CanvasRenderingContext2D | undefined;

function setText(
  { text, size, weight = "regular", fill, align, maxWidth }: TextMark,
  scale: number,
): TextSprite {
  ruler ??= createCanvas(1, 1).getContext("2d");
  const font = fontOf(size * scale, weight);
  ruler.font = font;
  const shown = maxWidth === undefined ? text : fitted(ruler, text, maxWidth * scale);
  const pixels = size * scale;
  const width = ruler.measureText(shown).width;
  const margin = Math.ceil(pixels * 0.25);
  const canvas = createCanvas(Math.ceil(width) + 2 * margin, Math.ceil(pixels * 1.6));
  const originY = Math.ceil(pixels * 1.2);
  const context = canvas.getContext("2d");
  context.font = font;
  context.fillStyle = fill;
  context.textBaseline = "alphabetic";
  context.fillText(shown, margin, originY);
  const before = align === "right" ? width : align === "center" ? width / 2 : 0;
  return { canvas, originX: margin + Math.round(before), originY };
}

/** The text, cut to a width with an ellipsis. */
function fitted(context: CanvasRenderingContext2D, text: string, maxWidth: number): string {
  if (context.measureText(text).width <= maxWidth) return text;
  const letters = [...text];
  let low = 0;
  let high = letters.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(`${letters.slice(0, middle).join("")}…`).width <= maxWidth) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("").trimEnd()}…`;
}
