import { ON_PAPER } from "../../markup/palette.js";
import { type Attributes, type Box, rect, text } from "../../markup/svg.js";

/** A frame with a title above it. */
export function titledBox(box: Box, title: string): string {
  return (
    text(box.x, box.y - 6, title, { "font-size": 11, "font-weight": 600 }) +
    rect(box, { fill: "none", stroke: ON_PAPER.faint })
  );
}

/** Small grey text: names of axes, totals. */
export const ASIDE: Attributes = { "font-size": 10, fill: ON_PAPER.quiet };
