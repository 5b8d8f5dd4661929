import { escapeMarkup } from "../../markup/html.js";

/** Where a part of the picture goes, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A coordinate, short: a tenth of a pixel is enough. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** @param style attributes beside the position, e.g. `font-size="11"` */
export function label(x: number, y: number, text: string, style = ""): string {
  return `<text x="${px(x)}" y="${px(y)}"${style === "" ? "" : ` ${style}`}>${escapeMarkup(text)}</text>`;
}

export const QUIET = 'fill="#666"';

/** A title above a box, and its frame. */
export function frame({ x, y, width, height }: Box, title: string): string {
  return (
    label(x, y - 6, title, 'font-size="11" font-weight="600"') +
    `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="none" stroke="#ddd"/>`
  );
}

/** A name cut to what fits. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
