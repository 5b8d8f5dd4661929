/** A line of a chart; points in any order. */
export interface Series {
  /** Empty where there is nothing to tell apart. */
  name: string;
  points: { x: number | string; y: number; low: number; high: number }[];
}

/** One panel of a chart. */
export interface Panel {
  title: string;
  xLabel: string;
  yLabel: string;
  /** In their order, where x is not a number; else null. */
  categories: readonly string[] | null;
  series: readonly Series[];
  /** Value of x to point out; null points out none. */
  mark: number | null;
}

const WIDTH = 640;
const HEIGHT = 340;
const MARGIN = { left: 72, right: 20, top: 40, bottom: 52 };
const LEGEND_LINE = 20;
/** Okabe & Ito's colours, which colour-blind readers can tell apart; each with a marker of its own. */
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];
const MARKERS = ["circle", "square", "diamond", "triangle"] as const;

/**
 * Draws panels below one another as an SVG document, which browsers and notebooks show as it is.
 *
 * @param panels at least one
 */
export function chart(panels: readonly Panel[]): string {
  let top = 0;
  const parts: string[] = [];
  for (const panel of panels) {
    const named = panel.series.filter((series) => series.name !== "");
    parts.push(`<g transform="translate(0 ${top})">${drawPanel(panel)}</g>`);
    top += HEIGHT + named.length * LEGEND_LINE + (named.length > 0 ? 12 : 0);
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}" ` +
    `font-family="system-ui, sans-serif" font-size="13" fill="#222">\n` +
    `<rect width="${WIDTH}" height="${top}" fill="#fff"/>\n${parts.join("\n")}\n</svg>\n`
  );
}

function drawPanel({ title, xLabel, yLabel, categories, series, mark }: Panel): string {
  const points = series.flatMap((one) => one.points);
  const yTicks = ticks(points.flatMap((point) => [point.low, point.high]));
  const xValues = points.map((point) => place(point.x, categories));
  const distinct = [...new Set(xValues)].sort((a, b) => a - b);
  const xTicks =
    categories !== null ? categories.map((_, i) => i) : distinct.length <= 12 ? distinct : ticks(xValues);
  const x = scale([...xTicks, ...xValues], MARGIN.left, WIDTH - MARGIN.right, 0.06);
  const y = scale(yTicks, HEIGHT - MARGIN.bottom, MARGIN.top, 0);
  const bottom = HEIGHT - MARGIN.bottom;
  const parts = [text(MARGIN.left, 22, title, 'font-weight="600" font-size="15"')];
  for (const tick of yTicks) {
    parts.push(line(MARGIN.left, y(tick), WIDTH - MARGIN.right, y(tick), 'stroke="#ddd"'));
    parts.push(text(MARGIN.left - 8, y(tick) + 4, label(tick), 'text-anchor="end"'));
  }
  for (const tick of xTicks) {
    parts.push(line(x(tick), bottom, x(tick), bottom + 5, 'stroke="#888"'));
    const shown = categories === null ? label(tick) : shorten(categories[tick], xTicks.length);
    parts.push(text(x(tick), bottom + 19, shown, 'text-anchor="middle"'));
  }
  parts.push(line(MARGIN.left, bottom, WIDTH - MARGIN.right, bottom, 'stroke="#888"'));
  parts.push(text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 12, xLabel, 'text-anchor="middle"'));
  const middle = (MARGIN.top + bottom) / 2;
  parts.push(text(16, middle, yLabel, `text-anchor="middle" transform="rotate(-90 16 ${middle})"`));
  if (mark !== null)
    parts.push(line(x(mark), MARGIN.top, x(mark), bottom, 'stroke="#888" stroke-dasharray="4 4"'));
  series.forEach((one, s) => {
    parts.push(drawSeries(one, s, series.length, categories, x, y));
  });
  let legend = HEIGHT + 8;
  series.forEach((one, s) => {
    if (one.name === "") return;
    parts.push(marker(s, MARGIN.left, legend - 4), text(MARGIN.left + 14, legend, one.name, ""));
    legend += LEGEND_LINE;
  });
  return parts.join("");
}

function drawSeries(
  one: Series,
  s: number,
  count: number,
  categories: Panel["categories"],
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const colour = COLOURS[s % COLOURS.length];
  // Side by side, so that intervals of different lines do not cover one another.
  const shift = (s - (count - 1) / 2) * 6;
  const points = one.points
    .map((point) => ({ ...point, at: place(point.x, categories) }))
    .sort((a, b) => a.at - b.at);
  const parts: string[] = [];
  if (categories === null) {
    const path = points.map(
      (point, i) => `${i === 0 ? "M" : "L"}${fixed(x(point.at) + shift)} ${fixed(y(point.y))}`,
    );
    parts.push(`<path d="${path.join("")}" fill="none" stroke="${colour}" stroke-width="1.5"/>`);
  }
  for (const point of points) {
    const at = x(point.at) + shift;
    if (point.high > point.low) parts.push(line(at, y(point.low), at, y(point.high), `stroke="${colour}"`));
    parts.push(marker(s, at, y(point.y)));
  }
  return parts.join("");
}

function marker(s: number, x: number, y: number): string {
  const fill = `fill="${COLOURS[s % COLOURS.length]}"`;
  const at = (dx: number, dy: number) => `${fixed(x + dx)},${fixed(y + dy)}`;
  switch (MARKERS[s % MARKERS.length]) {
    case "circle":
      return `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="4" ${fill}/>`;
    case "square":
      return `<rect x="${fixed(x - 3.5)}" y="${fixed(y - 3.5)}" width="7" height="7" ${fill}/>`;
    case "diamond":
      return `<polygon points="${at(0, -5)} ${at(5, 0)} ${at(0, 5)} ${at(-5, 0)}" ${fill}/>`;
    case "triangle":
      return `<polygon points="${at(0, -5)} ${at(5, 4)} ${at(-5, 4)}" ${fill}/>`;
  }
}

function place(x: number | string, categories: Panel["categories"]): number {
  return categories === null ? Number(x) : categories.indexOf(String(x));
}

/** @param pad share of the range to leave free at both ends */
function scale(values: readonly number[], from: number, to: number, pad: number): (value: number) => number {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low || 1) * pad;
  const range = high - low + 2 * room || 1;
  const offset = high === low ? range / 2 : room;
  return (value) => from + ((value - low + offset) / range) * (to - from);
}

/** About five round numbers that cover the values. */
function ticks(values: readonly number[]): number[] {
  const low = values.length === 0 ? 0 : Math.min(...values);
  const high = values.length === 0 ? 1 : Math.max(...values);
  const range = high - low || Math.abs(low) || 1;
  const power = 10 ** Math.floor(Math.log10(range / 4));
  const step = power * ([1, 2, 5, 10].find((factor) => range / (power * factor) <= 5) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function label(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** What fits below a tick; the end of a path says more than its beginning. */
function shorten(name: string, count: number): string {
  const room = Math.max(6, Math.floor(84 / count));
  return name.length <= room ? name : `…${name.slice(name.length - room + 1)}`;
}

function line(x1: number, y1: number, x2: number, y2: number, style: string): string {
  return `<line x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}" ${style}/>`;
}

function text(x: number, y: number, content: string, style: string): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<text x="${fixed(x)}" y="${fixed(y)}" ${style}>${escaped}</text>`;
}

function fixed(value: number): string {
  return String(Number(value.toFixed(2)));
}
