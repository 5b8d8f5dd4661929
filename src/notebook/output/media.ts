import { readFileSync, statSync } from "node:fs";
import { extname, isAbsolute, relative, sep } from "node:path";
import { escapeMarkup } from "../../markup/html.js";
import type { Picture, VectorPicture, Video } from "../viz.js";
import type { Content } from "./frontend.js";

/**
 * The largest video that is put into a page, in bytes: a third more as text. Of a larger one the page has a player that
 * takes the file from where it is.
 */
const MAX_INLINE_BYTES = 5e6;
const VIDEO_TYPES: Readonly<Record<string, string>> = { ".mp4": "video/mp4", ".webm": "video/webm" };

/** What may stand before the root of an SVG file. */
const SVG = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?(<svg\b[^>]*>)/;

export function pictureContent(picture: Picture | VectorPicture): Content {
  if ("svg" in picture) return svgContent(picture.svg);
  return { png: picture.png, text: `(a picture: ${picture.png.length} bytes of PNG)` };
}

export function isSvg(text: string): boolean {
  return SVG.test(text);
}

/** A picture of an SVG document, or of an element of a page, which is none until it names its language. */
export function svgContent(markup: string): Content & { svg: string } {
  const root = SVG.exec(markup)?.[1] ?? "";
  const names = [
    [/\sxmlns\s*=/, "", "http://www.w3.org/2000/svg"],
    [/\sxmlns:xlink\s*=/, ":xlink", "http://www.w3.org/1999/xlink"],
  ] as const;
  const missing = names.filter(
    ([given, prefix]) => !given.test(root) && (prefix === "" || /\sxlink:/.test(markup)),
  );
  const written = missing.map(([, prefix, address]) => ` xmlns${prefix}="${address}"`).join("");
  // The one name of a character that pages write and SVG does not know.
  const svg = markup.replace("<svg", `<svg${written}`).replaceAll("&nbsp;", "&#160;");
  return { svg, text: `(a picture: ${titleOf(markup)})` };
}

/** What an SVG calls itself; of a mark's own title nothing. */
function titleOf(svg: string): string {
  const title =
    /<svg\b[^>]*>\s*<title>([^<]*)<\/title>/.exec(svg)?.[1] ??
    /<svg\b[^>]*\saria-label="([^"]*)"/.exec(svg)?.[1];
  return title === undefined ? `${svg.length} characters of SVG` : unescapeMarkup(title);
}

/** HTML, with what it says. */
export function htmlContent(html: string): Content & { html: string } {
  const words = html.replaceAll(/<(style|script|svg)\b[\s\S]*?<\/\1>/gi, " ").replaceAll(/<[^>]*>/g, " ");
  return { html, text: unescapeMarkup(words.replaceAll(/\s+/g, " ").trim()) };
}

function unescapeMarkup(text: string): string {
  const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', nbsp: " ", amp: "&" };
  return text.replaceAll(/&(lt|gt|quot|nbsp|amp);/g, (_, name: string) => characters[name]);
}

/**
 * Puts the video itself into the page, so that it still plays in a notebook that is sent to somebody else. One that is
 * too large for that plays from its file, where Jupyter serves it: in the notebook's folder and below.
 */
export function videoContent({ videoPath }: Video): Content {
  const size = statSync(videoPath, { throwIfNoEntry: false })?.size;
  if (size === undefined) return { text: `${videoPath} (no longer there)` };
  const type = VIDEO_TYPES[extname(videoPath).toLowerCase()] ?? "image/gif";
  if (size <= MAX_INLINE_BYTES) {
    const source = `data:${type};base64,${readFileSync(videoPath).toString("base64")}`;
    return { html: player(source, type, videoPath), text: `(a video: ${videoPath})` };
  }
  const text = `${videoPath} (${(size / 1e6).toFixed(1)} MB)`;
  const address = addressOf(videoPath);
  if (address === null) return { text };
  const link = `<a href="${escapeMarkup(address)}" target="_blank">${escapeMarkup(videoPath)}</a>`;
  const why = `${(size / 1e6).toFixed(1)} MB, played from its file: it is too large to be kept in the notebook`;
  return { html: `${player(address, type, videoPath)}<p>${link} (${why})</p>`, text };
}

function player(source: string, type: string, name: string): string {
  const [from, called] = [escapeMarkup(source), escapeMarkup(name)];
  if (type === "image/gif") return `<img alt="${called}" src="${from}" style="max-width:100%">`;
  return `<video controls loop preload="metadata" style="max-width:100%" aria-label="${called}" src="${from}"></video>`;
}

/** Where a page beside the notebook finds a file; null where it cannot: outside the notebook's folder. */
function addressOf(path: string): string | null {
  const from = relative(process.cwd(), path);
  if (isAbsolute(from) || from.split(sep)[0] === "..") return null;
  return from.split(sep).map(encodeURIComponent).join("/");
}
