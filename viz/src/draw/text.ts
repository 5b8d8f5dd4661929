import type { TextMark } from "../scene/marks/marks.js";
import type { Context2D, Host, Pen, Surface } from "./host.js";
import { drawPixels } from "./pixels.js";

/*
 * Setting text is the slowest thing a canvas does, and pictures of one run say the same things again and again:
 * each text is set once, and its picture kept. On paper it stays a text.
 */

const KEPT_TEXTS = 4000;
const kept = new Map<string, TextSprite>();

/**
 * Texts are measured at this many times their size: canvas rounds each letter's width to whole pixels, which shows
 * where letters are small.
 */
const FINER = 8;
/** Letters that the typeface lacks; a box with a letter's code, where no other typeface has it, does not shrink. */
const FOREIGN = /[\u0590-\u1fff\u2300-\u{10ffff}]/u;

function finerOf(text: string): number {
  return FOREIGN.test(text) ? 1 : FINER;
}

interface TextSprite {
  readonly surface: Surface;
  /** Where the text's own point is in its picture, in pixels. */
  readonly originX: number;
  readonly originY: number;
}

/** Draws a text, as pixels at whole ones, so that its letters stay sharp. */
export function drawText(pen: Pen, mark: TextMark): void {
  const { context, scale } = pen;
  const before = context.globalAlpha;
  context.globalAlpha = before * (mark.opacity ?? 1);
  if (pen.isVector) drawOnPaper(pen, mark);
  else {
    const { surface, originX, originY } = spriteOf(pen, mark);
    drawPixels(pen, surface, Math.round(mark.x * scale) - originX, Math.round(mark.y * scale) - originY);
  }
  context.globalAlpha = before;
}

function drawOnPaper({ context, host }: Pen, mark: TextMark): void {
  const { size, weight = "regular", align = "left" } = mark;
  const finer = finerOf(mark.text);
  context.save();
  context.translate(mark.x, mark.y);
  if (mark.rotated) context.rotate(-Math.PI / 2);
  context.scale(1 / finer, 1 / finer);
  context.font = host.fontOf(size * finer, weight);
  const { shown } = fitted(context, mark, finer);
  context.fillStyle = mark.fill;
  context.textBaseline = "alphabetic";
  // By the context, not by a width: where a reader of SVG has another typeface, the text still ends where it should.
  context.textAlign = align;
  context.fillText(shown, 0, 0);
  context.restore();
}

function before(align: TextMark["align"], width: number): number {
  return align === "right" ? width : align === "center" ? width / 2 : 0;
}

function spriteOf({ host, scale }: Pen, mark: TextMark): TextSprite {
  const { text, size, weight = "regular", fill, align = "left", maxWidth, rotated } = mark;
  const key = [scale, size, weight, fill, align, maxWidth, rotated, text].join("|");
  let sprite = kept.get(key);
  if (sprite === undefined) {
    sprite = setText(host, mark, scale);
    if (kept.size === KEPT_TEXTS) kept.delete(kept.keys().next().value!);
    kept.set(key, sprite);
  }
  return sprite;
}

let ruler: Context2D | undefined;
/** To set a font takes about as long as to measure a text. */
let rulerFont = "";

function setText(host: Host, mark: TextMark, scale: number): TextSprite {
  const { size, weight = "regular", align, rotated = false } = mark;
  ruler ??= host.contextOf(host.createCanvas(1, 1));
  const pixels = size * scale;
  const finer = finerOf(mark.text);
  const font = host.fontOf(pixels * finer, weight);
  if (font !== rulerFont) ruler.font = font;
  rulerFont = font;
  const { shown, width: units } = fitted(ruler, mark, scale * finer);
  const width = units / finer;
  const margin = Math.ceil(pixels * 0.25);
  const along = Math.ceil(width) + 2 * margin;
  const across = Math.ceil(pixels * 1.6);
  const baseline = Math.ceil(pixels * 1.2);
  const start = margin + Math.round(before(align, width));
  const surface = host.createCanvas(rotated ? across : along, rotated ? along : across);
  const context = host.contextOf(surface);
  if (rotated) {
    context.translate(0, along);
    context.rotate(-Math.PI / 2);
  }
  context.translate(margin, baseline);
  context.scale(1 / finer, 1 / finer);
  context.font = font;
  context.fillStyle = mark.fill;
  context.textBaseline = "alphabetic";
  context.fillText(shown, 0, 0);
  return rotated
    ? { surface, originX: baseline, originY: along - start }
    : { surface, originX: start, originY: baseline };
}

/** The text, cut to its greatest width with an ellipsis; and its width, in the context's units. */
function fitted(
  context: Context2D,
  { text, maxWidth = Infinity }: TextMark,
  scale: number,
): { readonly shown: string; readonly width: number } {
  const most = maxWidth * scale;
  const measured = (shown: string) => ({ shown, width: context.measureText(shown).width });
  const whole = measured(text);
  if (whole.width <= most) return whole;
  const letters = [...text];
  let low = 0;
  let high = letters.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measured(`${letters.slice(0, middle).join("")}…`).width <= most) low = middle;
    else high = middle - 1;
  }
  return measured(`${letters.slice(0, low).join("").trimEnd()}…`);
}
