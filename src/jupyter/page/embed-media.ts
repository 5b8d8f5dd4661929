import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { escapeMarkup } from "../../markup/html.js";
import { joinLines, type NotebookCell } from "../notebook-file.js";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
  ".mp4": "video/mp4",
  ".webm": "video/webm",
};

/** A folder that stands for a cell's attachments: their own scheme nbconvert would look up, and not find. */
const ATTACHED = "_attachment/";

/**
 * The text of a markdown cell, its attachments named as files of a folder.
 *
 * @param folder whose name it is; by default that in which `embedMedia` looks
 */
export function markdownSource({ source, attachments }: NotebookCell, folder: string = ATTACHED): string {
  const text = joinLines(source);
  return attachments === undefined ? text : text.replaceAll(/\battachment:(?=[^\s/])/g, () => folder);
}

/** The media type of an attachment and its data in base64; null if there is none of that name. */
export function attachmentOf(
  attachments: NotebookCell["attachments"],
  name: string,
): [type: string, base64: string] | null {
  const [first] = Object.entries(attachments?.[name] ?? {});
  return first === undefined ? null : [first[0], joinLines(first[1]).replaceAll("\n", "")];
}

/**
 * Puts the pictures and videos that HTML names into it: a cell's attachments, and files beside the notebook. What is
 * elsewhere, or not there, becomes a link, so that the page asks for nothing when it is opened.
 *
 * @param folder of the notebook
 */
export function embedMedia(html: string, folder: string, attachments: NotebookCell["attachments"]): string {
  return html.replaceAll(/<(img|source|video)\b[^>]*>/gi, (tag) => {
    const [whole, , address] = /\ssrc=(["'])(.*?)\1/i.exec(tag) ?? [];
    if (whole === undefined || address.startsWith("data:")) return tag;
    const data = dataOf(address.replaceAll("&amp;", "&"), folder, attachments);
    if (data !== null) return tag.replace(whole, () => ` src="${data}"`);
    const alt = /\salt=(["'])(.*?)\1/i.exec(tag)?.[2] || address;
    return `<a href="${escapeMarkup(address)}">${alt}</a>`;
  });
}

/** A URL that holds the data; null if they are not here. */
function dataOf(address: string, folder: string, attachments: NotebookCell["attachments"]): string | null {
  const name = decoded(address);
  if (name.startsWith(ATTACHED)) {
    const attachment = attachmentOf(attachments, name.slice(ATTACHED.length));
    return attachment && dataUrl(...attachment);
  }
  const type = MEDIA_TYPES[extname(name).toLowerCase()];
  if (type === undefined || /^(?!file:)[a-z][a-z0-9+.-]+:|^\/\//i.test(address)) return null;
  try {
    const path = address.startsWith("file:") ? fileURLToPath(address) : resolve(folder, name);
    return dataUrl(type, readFileSync(path).toString("base64"));
  } catch {
    return null;
  }
}

/** @param base64 the data */
export function dataUrl(type: string, base64: string): string {
  return `data:${type};base64,${base64}`;
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
