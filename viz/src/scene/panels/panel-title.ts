import type { TextMark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import { textWidth } from "../text/text-width.js";

const LEFT = 10;
const RIGHT = 9;
const GAP = 10;
const BASELINE = 17;
/** Widths are known to a few per cent. */
const SLACK = 1.05;

/**
 * A panel's title, with a note at its right. The note is as long as leaves the title whole; there is none where the title
 * fits only without. A title that is cut with or without stands beside the shortest.
 *
 * @param notes the same thing said in fewer and fewer words
 */
export function titleMarks(
  { x, y, width }: Rect,
  title: string,
  notes: readonly string[],
  theme: Theme,
  fill: string = theme.muted,
): TextMark[] {
  const room = width - LEFT - RIGHT;
  const wide = (text: string) => SLACK * textWidth(text, SIZES.note);
  const left = room - GAP - SLACK * textWidth(title, SIZES.title, "semibold");
  const shortest = left + GAP >= 0 ? "" : (notes.at(-1) ?? "");
  const note = notes.find((text) => wide(text) <= left) ?? shortest;
  const baseline = y + BASELINE;
  const noteWidth = note === "" ? 0 : Math.min(wide(note), Math.max(left, 0.6 * room));
  return [
    {
      kind: "text",
      x: x + LEFT,
      y: baseline,
      text: title,
      size: SIZES.title,
      weight: "semibold",
      fill: theme.text,
      maxWidth: room - (note === "" ? 0 : GAP + noteWidth),
    },
    ...(note === ""
      ? []
      : [
          {
            kind: "text",
            x: x + width - RIGHT,
            y: baseline,
            text: note,
            size: SIZES.note,
            fill,
            align: "right",
            maxWidth: noteWidth,
          } as const,
        ]),
  ];
}
