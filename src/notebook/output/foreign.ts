import { inspect } from "node:util";
import type { Row } from "../tables/row.js";
import type { Content } from "./frontend.js";
import { htmlContent, isSvg, svgContent } from "./media.js";
import { shownRows, type TableLook, tableContent } from "./table-content.js";

/*
 * What other packages hand a cell: plots, which are elements of a page (Observable Plot), tables (Arquero,
 * nodejs-polars), and whatever says by itself how a notebook shows it.
 */

/** The method by which an object says, to any kernel of JavaScript, how it is shown: forms by media type. */
const DISPLAY = Symbol.for("Jupyter.display");

/** What may be asked of such an object; nothing of it is sure. */
interface Foreign {
  [DISPLAY]?: unknown;
  outerHTML?: unknown;
  toHTML?: unknown;
  /** Of an Arquero table: its rows. */
  objects?: unknown;
  numRows?: unknown;
  /** Of a data frame of polars: its rows. */
  toRecords?: unknown;
  head?: unknown;
  height?: unknown;
}

/** An element of a page, a table or a page's text; null for what is none of these. */
export function foreignContent(what: object, look: TableLook): Content | null {
  const { outerHTML, toHTML } = what as Foreign;
  if (typeof outerHTML === "string") return elementContent(outerHTML);
  const found = recordsOf(what, shownRows(look.maxRows));
  if (found !== null) return tableContent(found.records, { ...look, nRows: found.nRows });
  const html = typeof toHTML === "function" ? toHTML.call(what) : null;
  return typeof html === "string" ? htmlContent(html) : null;
}

/** What the object says itself of how it is shown; null for one that says nothing. */
export async function ownContent(what: unknown): Promise<Content | null> {
  if (typeof what !== "object" || what === null) return null;
  const display = (what as Foreign)[DISPLAY];
  if (typeof display !== "function") return null;
  const forms: unknown = await display.call(what);
  if (typeof forms !== "object" || forms === null) return null;
  if (Object.keys(forms).length === 0) return NOTHING;
  const { "text/plain": plain, "image/svg+xml": svg, ...media } = forms as Record<string, unknown>;
  const text = typeof plain === "string" ? plain : inspect(what, { depth: 1, colors: false });
  return { ...(typeof svg === "string" ? svgContent(svg) : {}), text, media };
}

/** What an object shows that says it has no form. */
export const NOTHING: Content = { text: "" };

/** A promise that shows nothing itself, once it is fulfilled. */
export function showingNothing(promise: Promise<void>): Promise<void> {
  return Object.defineProperty(promise, DISPLAY, { value: () => promise.then(() => ({})) });
}

/** A plot on paper of its own: the colours it has by default are for such, and not for a dark page. */
function elementContent(markup: string): Content {
  if (isSvg(markup)) return svgContent(markup);
  const { html, text } = htmlContent(markup);
  if (!/<svg\b/i.test(markup)) return { html, text };
  return { html: `<div style="background:#fff;color:#000;width:fit-content">${html}</div>`, text };
}

/** The first rows of a table as plain objects, and how many it has. */
function recordsOf(what: object, limit: number): { records: Row[]; nRows: number } | null {
  const { objects, numRows, toRecords, head, height } = what as Foreign;
  let records: unknown;
  let nRows: unknown;
  if (typeof objects === "function") {
    records = objects.call(what, { limit });
    nRows = typeof numRows === "function" ? numRows.call(what) : null;
  } else if (typeof toRecords === "function") {
    records = typeof head === "function" ? head.call(what, limit)?.toRecords?.() : toRecords.call(what);
    nRows = height;
  }
  if (!Array.isArray(records) || !records.every((record) => typeof record === "object" && record !== null)) {
    return null;
  }
  return { records, nRows: typeof nRows === "number" ? nRows : records.length };
}
