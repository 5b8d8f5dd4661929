import { shownMarkup } from "./html.js";
import { type Ink, ON_PAPER } from "./palette.js";

/** Attributes of an element by their SVG names, e.g. "font-size"; numbers are written to a hundredth. */
export type Attributes = Readonly<Record<string, string | number>>;

/** A rectangle, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** @param content markup; without it the element is empty */
export function element(name: string, attributes: Attributes, content: string | null = null): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === "number" ? short(value) : shownMarkup(value)}"`,
  );
  const start = `<${name}${written.join("")}`;
  return content === null ? `${start}/>` : `${start}>${content}</${name}>`;
}

/** @param content plain text */
export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, shownMarkup(content));
}

export function line(from: Point, to: Point, attributes: Attributes): string {
  return element("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], ...attributes });
}

export function rect({ x, y, width, height }: Box, attributes: Attributes): string {
  return element("rect", { x, y, width, height, ...attributes });
}

export function circle([cx, cy]: Point, r: number, attributes: Attributes): string {
  return element("circle", { cx, cy, r, ...attributes });
}

/** A line through points, without a filling. */
export function polyline(points: readonly Point[], attributes: Attributes): string {
  return element("polyline", { points: pointList(points), fill: "none", ...attributes });
}

export function polygon(points: readonly Point[], attributes: Attributes): string {
  return element("polygon", { points: pointList(points), ...attributes });
}

/** In pixels: to the right, and downwards. */
export type Point = readonly [x: number, y: number];

/** What a picture says to those who do not see it, and attributes of its root. */
export type DocumentAttributes = Attributes & {
  /** One line. */
  readonly title?: string;
  readonly description?: string;
};

/** The typeface of pictures, or the nearest that the reader has. */
const FONTS = "Inter, 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif";

/**
 * A whole SVG document, which browsers and notebooks show as it is.
 *
 * @param size width and height in pixels
 * @param parts elements, drawn one over another
 */
export function svgDocument(
  [width, height]: readonly [width: number, height: number],
  parts: readonly string[],
  { title, description, ...attributes }: DocumentAttributes = {},
  ink: Ink = ON_PAPER,
): string {
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${short(width)} ${short(height)}`,
    role: "img",
    "font-family": FONTS,
    fill: ink.text,
    ...attributes,
  };
  const words = [
    ...(title === undefined ? [] : [element("title", {}, shownMarkup(title))]),
    ...(description === undefined ? [] : [element("desc", {}, shownMarkup(description))]),
  ];
  const paper = ink.fillsPaper ? [rect({ x: 0, y: 0, width, height }, { fill: ink.paper })] : [];
  return `${element("svg", root, `\n${[...words, ...paper, ...parts].join("\n")}\n`)}\n`;
}

function pointList(points: readonly Point[]): string {
  return points.map((point) => point.map(short).join(",")).join(" ");
}

function short(value: number): string {
  return String(Number(value.toFixed(2)));
}
