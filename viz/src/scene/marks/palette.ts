import { clusterStyle, THEMES, type ThemeName } from "./theme.js";

/* The colours that pictures are made of, for a format that has few. */

type Rgb = readonly [red: number, green: number, blue: number];

/** Colours that a GIF has; the last is kept for pixels that stay as they were. */
const SIZE = 256;
const CLUSTERS = 8;
const GREYS = 44;
/** Opacities that clusters' colours have over the panel: of rows, of lines, at rims. */
const OVER_PANEL = [1, 0.92, 0.84, 0.76, 0.69, 0.62, 0.55, 0.47, 0.4, 0.32, 0.24, 0.16, 0.09];
/** The same of outlines over clusters' colours. */
const OF_OUTLINES = [0.25, 0.5, 0.75];

/**
 * The colours that pictures in a theme have: its own, those of clusters, and what they blend to where one lies over another.
 * One palette for a whole video, so that what stays the same need not be written again.
 *
 * @returns 256 times blue, green, red, alpha; the last is transparent
 */
export function paletteOf(name: ThemeName): Uint8Array {
  const theme = THEMES[name];
  const [panel, accent] = [rgbOf(theme.panel), rgbOf(theme.accent)];
  const clusters = Array.from({ length: CLUSTERS }, (_, cluster) => rgbOf(clusterStyle(cluster).color));
  const own = [theme.background, theme.panel, theme.border, theme.grid, theme.text, theme.muted];
  const rest = [theme.faint, theme.pale, theme.rows, theme.accent, theme.halo];
  const colors: Rgb[] = [
    ...[...own, ...rest].map(rgbOf),
    ...clusters.flatMap((color) => OVER_PANEL.map((opacity) => blend(color, panel, opacity))),
    ...clusters.flatMap((color) => OF_OUTLINES.map((opacity) => blend(accent, color, opacity))),
    // Where rows of two clusters lie over each other.
    ...clusters.flatMap((color, i) => clusters.slice(i + 1).map((other) => blend(color, other, 0.5))),
    ...Array.from({ length: GREYS }, (_, i) => blend(rgbOf(theme.text), panel, i / (GREYS - 1))),
  ];
  const kept = [...new Map(colors.map((color) => [color.join(), color])).values()].slice(0, SIZE - 1);
  const bytes = new Uint8Array(4 * SIZE);
  // Places that are left repeat the first colour.
  for (let i = 0; i < SIZE - 1; i++) {
    const [red, green, blue] = kept[i] ?? kept[0];
    bytes.set([blue, green, red, 255], 4 * i);
  }
  return bytes;
}

function rgbOf(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function blend(above: Rgb, below: Rgb, opacity: number): Rgb {
  const mixed = above.map((value, i) => Math.round(value * opacity + below[i] * (1 - opacity)));
  return [mixed[0], mixed[1], mixed[2]];
}
