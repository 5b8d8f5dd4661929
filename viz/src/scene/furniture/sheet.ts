import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import { textWidth } from "../text/text-width.js";
import { wrapText } from "../text/wrap.js";

/* What pages of several panels have in common: a headline, panels with letters, a caption. */

/** Size and line of a caption. */
export const CAPTION = { size: 12, line: 16.5 } as const;
const MOST_LINES = 8;
/** Room for the letter of a panel. */
const LETTER = 20;

/** A headline, and below it one line of what came of the run. */
export function headlineMarks(
  headline: string,
  subtitle: string,
  { x, y, width }: Pick<Rect, "x" | "y" | "width">,
  theme: Theme,
): Mark[] {
  const look = { kind: "text", x, maxWidth: width } as const;
  return [
    { ...look, y: y + 28, text: headline, size: 27, weight: "semibold", fill: theme.text },
    { ...look, y: y + 54, text: subtitle, size: SIZES.sentence, fill: theme.muted },
  ];
}

/** A panel's letter, by which a text refers to it, and its title. */
export function letteredMarks(
  letter: string,
  text: string,
  { x, y, width }: Pick<Rect, "x" | "y" | "width">,
  theme: Theme,
): Mark[] {
  const look = { kind: "text", y: y + 13, size: SIZES.title, weight: "semibold", fill: theme.text } as const;
  const from = x + Math.max(LETTER, textWidth(letter, SIZES.title, "semibold") + 8);
  return [
    { ...look, x, text: letter },
    { ...look, x: from, text, maxWidth: x + width - from },
  ];
}

/** A caption broken into lines. */
export function captionLines(caption: string, width: number): string[] {
  return wrapText(caption, CAPTION.size, width, MOST_LINES);
}

/** @param y of the top of the first line */
export function captionMarks(
  lines: readonly string[],
  { x, y, width }: Pick<Rect, "x" | "y" | "width">,
  theme: Theme,
): Mark[] {
  return lines.map((text, i) => ({
    kind: "text",
    x,
    y: y + (i + 1) * CAPTION.line - 4,
    text,
    size: CAPTION.size,
    fill: theme.muted,
    // Widths are known to a few per cent.
    maxWidth: width + 4,
  }));
}
