import type { Mark, RectMark, Scene, TextMark } from "#src/scene/marks/marks.js";
import { textWidth } from "#src/scene/text/text-width.js";

/* What of a scene's texts cannot be read. */

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Two letters may touch, and a picture's edge may cut a hair's breadth. */
const ALLOWED = 1.5;
/** What is as opaque as this hides what is below it. */
const OPAQUE = 0.9;
/** The least contrast of a text with what is behind it (WCAG 2, AA). */
const LEAST_CONTRAST = 4.5;

/**
 * Texts that are too small, too pale, over each other, or beyond the picture, in words.
 *
 * @param leastPixels size that every text has at least
 */
export function illegibleTexts(scene: Scene, width: number, leastPixels: number): string[] {
  const scale = width / scene.width;
  const problems: string[] = [];
  const marks = scene.layers.flatMap((layer) => layer.marks);
  const shown: { text: string; box: Box }[] = [];
  marks.forEach((mark, i) => {
    if (mark.kind === "rect" && mark.fill !== undefined && (mark.opacity ?? 1) >= OPAQUE) {
      for (let j = shown.length - 1; j >= 0; j--) if (covers(mark, shown[j].box)) shown.splice(j, 1);
    }
    if (mark.kind !== "text" || mark.text === "") return;
    const name = `"${mark.text}" at ${Math.round(mark.x)}, ${Math.round(mark.y)}`;
    if (mark.size * scale < leastPixels - 1e-9) problems.push(`${name}: ${mark.size * scale} px`);
    const box = boxOf(mark);
    const isOutside =
      box.left < -ALLOWED ||
      box.top < -ALLOWED ||
      box.right > scene.width + ALLOWED ||
      box.bottom > scene.height + ALLOWED;
    if (isOutside) problems.push(`${name}: beyond the picture`);
    const contrast = contrastOf(mark.fill, behind(marks.slice(0, i), box, scene.background));
    if (contrast < LEAST_CONTRAST) problems.push(`${name}: contrast ${contrast.toFixed(2)}`);
    for (const other of shown) {
      if (overlap(box, other.box)) problems.push(`${name}: over "${other.text}"`);
    }
    shown.push({ text: mark.text, box });
  });
  return problems;
}

function covers({ x, y, width, height }: RectMark, { left, right, top, bottom }: Box): boolean {
  return x <= left && y <= top && x + width >= right && y + height >= bottom;
}

function boxOf({ text, x, y, size, weight, align, maxWidth, rotated }: TextMark): Box {
  const width = Math.min(maxWidth ?? Number.POSITIVE_INFINITY, textWidth(text, size, weight));
  const start = align === "right" ? -width : align === "center" ? -width / 2 : 0;
  const cap = 0.72 * size;
  if (rotated) return { left: x - cap, right: x, top: y - start - width, bottom: y - start };
  return { left: x + start, right: x + start + width, top: y - cap, bottom: y };
}

function overlap(a: Box, b: Box): boolean {
  return (
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > ALLOWED &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > ALLOWED
  );
}

/** The colour of what was drawn last behind the middle of a text, of rectangles. */
function behind(marks: readonly Mark[], box: Box, background: string): [number, number, number] {
  const x = (box.left + box.right) / 2;
  const y = (box.top + box.bottom) / 2;
  let color = channels(background).slice(0, 3) as [number, number, number];
  for (const mark of marks) {
    if (mark.kind !== "rect" || mark.fill === undefined) continue;
    if (x < mark.x || x > mark.x + mark.width || y < mark.y || y > mark.y + mark.height) continue;
    const [r, g, b, alpha] = channels(mark.fill);
    const over = alpha * (mark.opacity ?? 1);
    color = [r, g, b].map((value, i) => value * over + color[i] * (1 - over)) as [number, number, number];
  }
  return color;
}

/** Red, green, blue, 0 to 255, and alpha, 0 to 1, of #rrggbb or #rrggbbaa. */
function channels(color: string): [number, number, number, number] {
  const [r, g, b, a] = [1, 3, 5, 7].map((at) => Number.parseInt(color.slice(at, at + 2) || "ff", 16));
  return [r, g, b, a / 255];
}

function contrastOf(fill: string, under: [number, number, number]): number {
  const [a, b] = [luminance(channels(fill).slice(0, 3)), luminance(under)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

function luminance(color: readonly number[]): number {
  const [r, g, b] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
