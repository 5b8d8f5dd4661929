import { dirname, extname } from "node:path";
import { UsageError } from "../errors.js";
import { cannotWrite, writeFileAtomically } from "../files/atomic-write.js";
import { makeFolder } from "../files/make-folder.js";
import { escapeMarkup, htmlTable } from "../markup/html.js";
import { contentOf } from "./output/display.js";
import { inCell } from "./output/in-cell.js";
import { type Table, tableOf } from "./picture/columns.js";
import { columnsOf, jsonText, tableCsv, tableJson } from "./tables/table-text.js";
import { canDrawSvg, pixelsOf } from "./viz.js";

const WRITERS: Readonly<Record<string, (what: unknown, file: string) => Promise<string | Uint8Array>>> = {
  ".csv": async (what, file) => tableCsv(needTable(what, file)),
  ".json": async (what, file) => {
    const table = tableIn(what);
    return table === null ? `${plainJson(what, file)}\n` : tableJson(table);
  },
  ".svg": async (what, file) => needSvg(what, file),
  ".png": async (what, file) => {
    if (typeof what === "object" && what !== null && "png" in what && what.png instanceof Uint8Array) {
      return what.png;
    }
    const svg = await needSvg(what, file);
    if (canDrawSvg()) return pixelsOf(svg);
    const plain = `${file.slice(0, -extname(file).length)}.svg`;
    throw new UsageError(
      `${file}: pixels need the package fedkmeans-viz: install its archive (docs/install.md), or save ${plain}`,
    );
  },
  ".html": pageOf,
};

/**
 * Writes what a cell has to a file, whose extension says how: a table as csv, json or html; a picture as svg, png or
 * html, also the one of a sweep, a choice of k or a reproduction, and SVG of other packages; anything plain as json. A
 * file that was there is replaced, folders that are missing are made; nothing half-written is left.
 *
 * @param what e.g. rows, `fk.centroids(result)`, what `fk.scatter` or `fk.frame` gives, a study, `fk.chart(...)`
 * @param file e.g. "figures/penguins.svg"
 * @returns the file, as it was named
 * @throws UsageError if it cannot be written so; RunError if the file cannot be written
 * @example await fk.save(await fk.scatter(result, { facet: "client" }), "penguins.svg");
 */
export function save(what: unknown, file: string): Promise<string> {
  return inCell(async () => {
    if (typeof file !== "string") throw new UsageError('the name of a file expected, e.g. "rows.csv"');
    const write = WRITERS[extname(file).toLowerCase()];
    if (write === undefined) {
      throw new UsageError(`${file}: a name that ends in ${Object.keys(WRITERS).join(", ")} expected`);
    }
    const contents = await write(await what, file);
    try {
      makeFolder(dirname(file));
    } catch (error) {
      throw cannotWrite(file, error);
    }
    writeFileAtomically(file, contents);
    return file;
  });
}

/** A table, but for one that is empty, which has no columns. */
function tableIn(what: unknown): Table | null {
  return Array.isArray(what) && what.length === 0 ? null : tableOf(what);
}

function plainJson(what: unknown, file: string): string {
  if (what === undefined || typeof what === "function" || typeof what === "symbol") {
    throw new UsageError(`${file}: plain data expected, found ${typeof what}`);
  }
  try {
    return jsonText(what, 2);
  } catch {
    // As a cycle is, whose description has lines.
    throw new UsageError(
      `${file}: plain data expected, found an object that holds itself, or that JSON cannot hold`,
    );
  }
}

function needTable(what: unknown, file: string): Table {
  const table = tableOf(what);
  if (table !== null) return table;
  const parts = ["runs", "summary", "scores", "cells"].filter((name) =>
    Array.isArray((what as Record<string, unknown> | null)?.[name]),
  );
  const hint = parts.length === 0 ? "" : `; save its ${parts.join(" or its ")}`;
  throw new UsageError(`${file}: a table expected, an array of plain objects${hint}`);
}

async function needSvg(what: unknown, file: string): Promise<string> {
  const svg = await svgOf(what);
  if (svg !== null) return svg;
  if (typeof what === "object" && what !== null && "png" in what) {
    throw new UsageError(`${file}: this picture is of pixels: save it as png, or draw it with format "svg"`);
  }
  throw new UsageError(`${file}: a picture expected, e.g. what scatter, chart, poster or frame gives`);
}

/** The SVG of a picture or a study, or of an element of a page. */
async function svgOf(what: unknown): Promise<string | null> {
  const { svg: own, outerHTML } = Object(what) as { svg?: unknown; outerHTML?: unknown };
  const element = typeof outerHTML === "string" && /^\s*<svg\b/i.test(outerHTML) ? outerHTML : undefined;
  const svg = typeof own === "string" ? own : (element ?? (await contentOf(what)).svg);
  if (svg === undefined) return null;
  // An element of a page has no namespace of its own, without which no program takes a file for SVG.
  return /<svg\b[^>]*\sxmlns=/.test(svg)
    ? svg
    : svg.replace(/<svg\b/, '<svg xmlns="http://www.w3.org/2000/svg"');
}

async function pageOf(what: unknown, file: string): Promise<string> {
  const table = tableIn(what);
  if (table !== null) {
    const header = columnsOf(table);
    return page(
      escapeMarkup(file),
      htmlTable({ header, rows: table.map((row) => header.map((name) => shown(row[name]))) }),
    );
  }
  const svg = await svgOf(what);
  if (svg !== null) return page(/<title>([^<]*)</.exec(svg)?.[1] ?? escapeMarkup(file), svg);
  const { html, png, text } = await contentOf(what);
  if (png !== undefined) {
    const data = Buffer.from(png).toString("base64");
    return page(escapeMarkup(file), `<img alt="" src="data:image/png;base64,${data}">`);
  }
  return page(escapeMarkup(file), html ?? `<pre>${escapeMarkup(text)}</pre>`);
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "-";
  return typeof value === "object" ? jsonText(value) : String(value);
}

const STYLE = `:root{color-scheme:light dark}body{margin:2em;font:15px/1.5 Inter,system-ui,sans-serif}
table{border-collapse:collapse;margin:0 0 1.5em;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600;padding-bottom:.4em}
th,td{text-align:right;padding:.2em .8em;border-bottom:1px solid #8884}img,svg{max-width:100%;height:auto}`;

/** @param title markup */
function page(title: string, body: string): string {
  return (
    '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${title}</title><style>${STYLE}</style></head>\n<body>\n${body}\n</body>\n</html>\n`
  );
}
