import { escapeMarkup, shownMarkup } from "../../markup/html.js";
import { pageFrame } from "../../markup/page-frame.js";
import { STYLE } from "../../markup/page-style.js";
import { colourOf, ON_PAGE } from "../../markup/palette.js";
import { circle, svgDocument } from "../../markup/svg.js";
import type { Block, Cell, FigureBlock, Prose, ReportDocument, Section, TableBlock } from "./document.js";
import { SCRIPT } from "./script.js";

/** Nothing is asked for; the page's own script runs. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** Counts figures and tables, each from 1. */
interface Numbers {
  figures: number;
  tables: number;
}

/**
 * A report as one HTML file: readable without script, without a request, in light and dark, on screens and on paper. The
 * script copies and saves; what needs it is not shown where there is none.
 */
export function reportHtml({ title, subtitle, sections, attachments }: ReportDocument): string {
  const numbers: Numbers = { figures: 0, tables: 0 };
  const contents = sections
    .map(({ id, title: heading }) => `<li><a href="#${id}">${shownMarkup(heading)}</a></li>`)
    .join("");
  const body = sections.map((section, i) => sectionHtml(section, i === 0, numbers)).join("\n");
  const carried = attachments
    .map(
      ({ name, type, text }) =>
        `<script type="${escapeMarkup(type)}" data-name="${escapeMarkup(name)}">${scriptText(text)}</script>`,
    )
    .join("\n");
  return pageFrame({
    title: shownMarkup(title),
    policy: POLICY,
    style: STYLE,
    skip: "To the report",
    body: `<div class="page">
<nav aria-label="Contents"><strong>Contents</strong><ol>${contents}</ol></nav>
<main id="main">
<header><h1>${shownMarkup(title)}</h1><p class="subtitle">${proseHtml(subtitle)}</p></header>
${body}
</main>
</div>
${carried}
<script>${SCRIPT}</script>`,
  });
}

/** What stands between single quotes: JSON has double ones by the thousand. */
function singleQuoted(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("'", "&#39;").replaceAll("<", "&lt;");
}

/** JSON that no text in it can end. */
function scriptText(json: string): string {
  return json.replaceAll("<", "\\u003c");
}

function sectionHtml({ id, title, blocks }: Section, isHead: boolean, numbers: Numbers): string {
  const inside = blocks.map((block) => blockHtml(block, numbers)).join("\n");
  const heading = `<h2${isHead ? ' class="unseen"' : ""}>${shownMarkup(title)}</h2>`;
  return `<section id="${id}" aria-label="${shownMarkup(title)}">${heading}\n${inside}</section>`;
}

function blockHtml(block: Block, numbers: Numbers): string {
  switch (block.type) {
    case "paragraph":
      return `<p>${proseHtml(block.text)}</p>`;
    case "lead":
    case "small":
      return `<p class="${block.type}">${proseHtml(block.text)}</p>`;
    case "quote":
      return `<div class="quote"><p>${proseHtml(block.text)}</p></div>`;
    case "files":
      return `<div id="files"><p>${proseHtml(block.text)}</p></div>`;
    case "heading":
      return `<h3>${shownMarkup(block.text)}</h3>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${proseHtml(item)}</li>`).join("")}</ul>`;
    case "warning":
      return `<div class="warning" role="note"><strong>${shownMarkup(block.title)}</strong><ul>${block.items
        .map((item) => `<li>${proseHtml(item)}</li>`)
        .join("")}</ul></div>`;
    case "code":
      return `<pre tabindex="0" data-name="${shownMarkup(block.name)}"><code>${shownMarkup(block.text)}</code></pre>`;
    case "badges":
      return `<ul class="badges">${block.badges
        .map(({ state, text }) => `<li class="${state}">${MARKS[state]}${shownMarkup(text)}</li>`)
        .join("")}</ul>`;
    case "tiles":
      return `<dl class="tiles">${block.tiles
        .map(([value, name]) => `<div><dt>${shownMarkup(name)}</dt><dd>${shownMarkup(value)}</dd></div>`)
        .join("")}</dl>`;
    case "details":
      return `<details><summary>${shownMarkup(block.summary)}</summary>\n${block.blocks
        .map((inner) => blockHtml(inner, numbers))
        .join("\n")}</details>`;
    case "table":
      return tableHtml(block, ++numbers.tables);
    case "figure":
      return figureHtml(block, ++numbers.figures);
    default:
      block satisfies never;
      return "";
  }
}

const MARKS = { good: "✓ ", bad: "✗ ", plain: "" } as const;

function figureHtml({ svgs, alt, caption }: FigureBlock, number: number): string {
  const pictures = svgs.map((svg) => `<div>${svg}</div>`).join("");
  return (
    `<figure><div class="pictures n${Math.min(svgs.length, 3)}" tabindex="0" role="group" aria-label="${shownMarkup(alt)}">${pictures}</div>` +
    `<figcaption><strong>Figure ${number}.</strong> ${proseHtml(caption)}</figcaption></figure>`
  );
}

function tableHtml({ caption, header, rows, nTexts, note, data }: TableBlock, number: number): string {
  const side = (column: number) => (column < nTexts ? ' class="text"' : "");
  const head = header
    .map((name, column) => `<th scope="col"${side(column)}>${shownMarkup(name)}</th>`)
    .join("");
  const body = rows
    .map((row) => `<tr>${row.map((cell, column) => cellHtml(cell, column, side(column))).join("")}</tr>`)
    .join("\n");
  const csv =
    data === undefined ? "" : ` data-csv='${singleQuoted(JSON.stringify([data.header, ...data.rows]))}'`;
  const said = note === undefined ? "" : `<p class="small">${proseHtml(note)}</p>`;
  return (
    `<div class="table" tabindex="0" role="region" aria-label="Table ${number}"><table${csv}>` +
    `<caption><span><strong>Table ${number}.</strong> ${shownMarkup(caption)}</span></caption>` +
    `<thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table></div>${said}`
  );
}

function cellHtml({ text, bar, heat, cluster }: Cell, column: number, side: string): string {
  const shade = heat === undefined ? "" : ` style="--heat:${Math.round(heat * 100)}%"`;
  const classes = [side === "" ? "" : "text", heat === undefined ? "" : "heat"];
  const named = classes.filter((one) => one !== "").join(" ");
  const attributes = `${named === "" ? "" : ` class="${named}"`}${shade}`;
  // Numbers end at the right of their column, texts begin at its left: bars beside either begin below one another.
  const [before, after] = side === "" ? ["", bar ?? ""] : [bar ?? "", ""];
  const content = `${cluster === undefined ? "" : swatch(cluster)}${before}${proseHtml(text)}${after}`;
  return column === 0 ? `<th scope="row"${attributes}>${content}</th>` : `<td${attributes}>${content}</td>`;
}

/** A dot in a cluster's colour, beside its number. */
function swatch(cluster: number): string {
  const dot = circle([6, 6], 5, { fill: colourOf(cluster) });
  return svgDocument([12, 12], [dot], { class: "swatch", "aria-hidden": "true" }, ON_PAGE).trim();
}

/** A text as HTML. */
function proseHtml(text: Prose): string {
  return text
    .map((span) => {
      if (typeof span === "string") return shownMarkup(span);
      if ("code" in span) return `<code>${shownMarkup(span.code)}</code>`;
      if ("strong" in span) return `<strong>${shownMarkup(span.strong)}</strong>`;
      if ("emphasis" in span) return `<em>${shownMarkup(span.emphasis)}</em>`;
      return `<a href="${escapeMarkup(span.to)}">${shownMarkup(span.link)}</a>`;
    })
    .join("");
}
