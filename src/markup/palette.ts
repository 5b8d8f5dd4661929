/**
 * Colours that colour-blind readers can tell apart, from Okabe & Ito, Color Universal Design (2008); yellow, which
 * white paper swallows, is left out. The same as in fedkmeans-viz. A picture also numbers its clusters, and gives its
 * lines markers: there can be more than these.
 */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#9d8000", "#7b5ea7"];

/** @param index of a cluster or a line; -1 is none */
export function colourOf(index: number): string {
  return index < 0 ? "#8a8a8a" : COLOURS[index % COLOURS.length];
}

/** Grey for the names of axes, and for totals. */
export const QUIET = "#5b6470";

/** Grey of frames and grids. */
export const FAINT = "#ddd";

/** Grey of the lines at the ticks of a chart. */
export const GRID = "#e9ecef";

/** What charts are drawn on. */
export const PAPER = "#fff";
