import { escapeMarkup } from "../../markup/html.js";

/** Counts figures and tables of a page, each from 1. */
export interface Numbers {
  figures: number;
  tables: number;
}

/** Captions that a cell's code gives in Quarto's way: `//| fig-cap: Movement of the means`. */
export interface Captions {
  figure: string | null;
  table: string | null;
}

/** @param source a cell's code */
export function captionsIn(source: string): Captions {
  const caption = (kind: string) => {
    const [, text] = new RegExp(`^\\s*//\\|\\s*${kind}-cap:\\s*(.+?)\\s*$`, "m").exec(source) ?? [];
    return text?.replace(/^(["'])(.*)\1$/, "$2") ?? null;
  };
  return { figure: caption("fig"), table: caption("tbl") };
}

/**
 * Numbers the figures and tables of an output that have a caption: a table's `caption`, a figure's `figcaption`, the
 * cell's own, which the first one that has none gets, or else the description of a picture.
 *
 * @param own used up by the output that gets it
 */
export function numberFigures(html: string, numbers: Numbers, own: Captions): string {
  const tables = html.replaceAll(
    /<table\b[^>]*>(\s*<caption\b[^>]*>)?/gi,
    (tag, caption: string | undefined) => {
      if (caption !== undefined) return `${tag}<strong>Table ${++numbers.tables}.</strong> `;
      const text = take(own, "table");
      return text === null
        ? tag
        : `${tag}<caption><strong>Table ${++numbers.tables}.</strong> ${escapeMarkup(text)}</caption>`;
    },
  );
  if (/<figcaption\b/i.test(tables)) {
    return tables.replaceAll(
      /<figcaption\b[^>]*>/gi,
      (tag) => `${tag}<strong>Figure ${++numbers.figures}.</strong> `,
    );
  }
  return tables.replaceAll(/<img\b[^>]*>|<video\b[\s\S]*?<\/video>|<svg\b[\s\S]*?<\/svg>/gi, (picture) => {
    const given = take(own, "figure");
    const caption = given === null ? descriptionOf(picture) : escapeMarkup(given);
    if (caption === null) return picture;
    return `<figure>${picture}<figcaption><strong>Figure ${++numbers.figures}.</strong> ${caption}</figcaption></figure>`;
  });
}

function take(own: Captions, kind: keyof Captions): string | null {
  const text = own[kind];
  own[kind] = null;
  return text;
}

/** As markup: what a picture's description says, or SVG's own where that only stands for one; null if neither does. */
function descriptionOf(picture: string): string | null {
  const alt = /^<img\b[^>]*?\salt="([^"]*)"/i.exec(picture)?.[1].trim() ?? "";
  if (alt !== "" && !/^\(.*\)$/s.test(alt)) return alt;
  const [, base64] = /\ssrc="data:image\/svg\+xml;base64,([^"]*)"/i.exec(picture) ?? [];
  const svg = base64 === undefined ? picture : Buffer.from(base64, "base64").toString();
  for (const name of ["desc", "title"]) {
    const text = new RegExp(`^\\s*<svg\\b[^>]*>\\s*(?:<title>[^<]*</title>\\s*)?<${name}>([^<]+)</${name}>`)
      .exec(svg)?.[1]
      .trim();
    // After a colon come the numbers, for those who do not see the picture.
    if (text !== undefined && text !== "") return text.split(": ")[0];
  }
  return null;
}
