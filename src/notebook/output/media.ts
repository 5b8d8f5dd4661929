import { readFileSync, statSync } from "node:fs";
import { extname } from "node:path";
import { escapeMarkup } from "../../markup/html.js";
import type { Picture, VectorPicture, Video } from "../viz.js";
import type { Content } from "./frontend.js";

/** The largest video that is put into a page; of a larger one the path is shown instead. */
const MAX_INLINE_BYTES = 16 * 2 ** 20;
const VIDEO_TYPES: Readonly<Record<string, string>> = { ".mp4": "video/mp4", ".webm": "video/webm" };

export function pictureContent(picture: Picture | VectorPicture): Content {
  if ("svg" in picture) return { svg: picture.svg, text: `(a picture: ${titleOf(picture.svg)})` };
  return { png: picture.png, text: `(a picture: ${picture.png.length} bytes of PNG)` };
}

/** What an SVG calls itself. */
function titleOf(svg: string): string {
  const title = /<title>([^<]*)<\/title>/.exec(svg)?.[1];
  if (title === undefined) return `${svg.length} characters of SVG`;
  return title.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Puts the video itself into the page, so that it still plays in a notebook that is sent to somebody else. */
export function videoContent({ videoPath }: Video): Content {
  const text = `(a video: ${videoPath})`;
  const type = VIDEO_TYPES[extname(videoPath).toLowerCase()];
  const size = statSync(videoPath, { throwIfNoEntry: false })?.size;
  if (size === undefined) return { text: `${videoPath} (no longer there)` };
  if (size > MAX_INLINE_BYTES)
    return { text: `${videoPath} (${Math.round(size / 2 ** 20)} MB: too large for a page)` };
  const data = readFileSync(videoPath).toString("base64");
  if (type === undefined)
    return { html: `<img alt="${escapeMarkup(videoPath)}" src="data:image/gif;base64,${data}">`, text };
  return {
    html: `<video controls loop style="max-width:100%"><source type="${type}" src="data:${type};base64,${data}"></video>`,
    text,
  };
}
