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

/** How many colours there are. */
export const N_COLOURS: number = COLOURS.length;

/** Black or white, whichever is easier to read on the colour of an index. */
export function textOn(index: number): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colourOf(index).slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  // Relative luminance and contrast as in WCAG 2.2.
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#fff" : "#000";
}

/** What all but the marks of a picture is drawn in: colours as SVG writes them. */
export interface Ink {
  /** Of titles, labels and numbers. */
  readonly text: string;
  /** Grey for axes and their names, and for totals. */
  readonly quiet: string;
  /** Grey of frames. */
  readonly faint: string;
  /** Grey of the lines at ticks. */
  readonly grid: string;
  /** What is behind the picture: of gaps between marks, and of halos around them. */
  readonly paper: string;
  /** Whether the picture brings its paper along; else what it stands on shows through. */
  readonly fillsPaper: boolean;
}

/** For files and notebooks: dark on white paper. */
export const ON_PAPER: Ink = {
  text: "#16191d",
  quiet: "#5b6470",
  faint: "#ddd",
  grid: "#e9ecef",
  paper: "#fff",
  fillsPaper: true,
};

/**
 * For SVG within a page, which follows the page's light and dark: the page may set `--text`, `--quiet`, `--faint`,
 * `--grid` and `--paper`; those that it does not set are as on paper.
 */
export const ON_PAGE: Ink = {
  text: `var(--text, ${ON_PAPER.text})`,
  quiet: `var(--quiet, ${ON_PAPER.quiet})`,
  faint: `var(--faint, ${ON_PAPER.faint})`,
  grid: `var(--grid, ${ON_PAPER.grid})`,
  paper: `var(--paper, ${ON_PAPER.paper})`,
  fillsPaper: false,
};
