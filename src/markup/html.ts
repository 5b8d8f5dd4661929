import { printable, printableLine } from "../printable.js";
import type { Table } from "./text-table.js";

/** A cell of a table; null is unknown. */
export type Value = string | number | boolean | bigint | null | undefined;

/** Text for HTML and SVG, in an element or in a double-quoted attribute. */
export function escapeMarkup(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character]);
}

/** The same of a text that is shown to people, in which no character acts. */
export function shownMarkup(text: string): string {
  return escapeMarkup(printable(text));
}

/**
 * A plain table that is readable with Jupyter's own style and without any.
 *
 * @param caption said above it; "" says nothing
 */
export function htmlTable({ header, rows }: Table, caption = ""): string {
  const isText = header.map((_, column) =>
    rows.some((cells) =>
      Number.isNaN(Number(cells[column].replace(/^-$/, "0").replace(/ ± [\d.e+-]+$/, ""))),
    ),
  );
  const style = isText.map((text) => (text ? ' style="text-align:left"' : ""));
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell, column) => `<${tag}${style[column]}>${escapeMarkup(printableLine(cell))}</${tag}>`).join("")}</tr>`;
  const title = caption === "" ? "" : `<caption>${shownMarkup(caption)}</caption>`;
  return (
    `<table>${title}<thead>${line("th", header)}</thead>` +
    `<tbody>${rows.map((cells) => line("td", cells)).join("\n")}</tbody></table>`
  );
}

/** Lines of plain text below one another. */
export function paragraph(lines: readonly string[]): string {
  return `<p>${lines.map(shownMarkup).join("<br>")}</p>`;
}

/** Blocks next to each other where there is room, below each other where styles are not kept. */
export function besides(blocks: readonly string[]): string {
  return `<div style="display:flex;flex-wrap:wrap;gap:0 3em;align-items:flex-start">${blocks.join("\n")}</div>`;
}

/**
 * Shows a picture as an image of the page and not as part of its markup, of which exporters that clean SVG (nbconvert 6)
 * would leave nothing. It lies on white, which a picture that draws no paper of its own takes for granted.
 *
 * @param alt what is read where the picture is not seen
 */
export function svgImage(svg: string, alt: string): string {
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  return `<img alt="${shownMarkup(alt)}" src="${source}" style="background:#fff;max-width:100%">`;
}
