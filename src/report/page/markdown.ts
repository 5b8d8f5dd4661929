import { printable } from "../../printable.js";
import type { Block, Cell, Prose, ReportDocument } from "./document.js";

/** A report as Markdown (CommonMark with tables): its words and tables; of its figures the captions and what they say. */
export function reportMarkdown({ title, subtitle, sections }: ReportDocument): string {
  const numbers = { figures: 0, tables: 0 };
  const parts = [`# ${escaped(title)}`, proseMarkdown(subtitle)];
  sections.forEach((section, i) => {
    if (i > 0) parts.push(`## ${escaped(section.title)}`);
    for (const block of section.blocks) parts.push(...blockMarkdown(block, numbers));
  });
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function blockMarkdown(block: Block, numbers: { figures: number; tables: number }): string[] {
  switch (block.type) {
    case "paragraph":
    case "lead":
    case "small":
    case "files":
      return [proseMarkdown(block.text)];
    case "quote":
      return [`> ${proseMarkdown(block.text)}`];
    case "heading":
      return [`### ${escaped(block.text)}`];
    case "list":
      return [listMarkdown(block.items)];
    case "warning":
      return [`**${escaped(block.title)}**`, listMarkdown(block.items)];
    case "code":
      return [`${fenceOf(block.text)}\n${printable(block.text).trimEnd()}\n${fenceOf(block.text)}`];
    case "badges":
      return [listMarkdown(block.badges.map(({ state, text }) => [`${WORDS[state]}${text}`]))];
    case "tiles":
      return [listMarkdown(block.tiles.map(([value, name]) => [`${name}: `, { strong: value }]))];
    case "details":
      return [
        `*${escaped(block.summary)}*`,
        ...block.blocks.flatMap((inner) => blockMarkdown(inner, numbers)),
      ];
    case "table": {
      const { caption, header, rows, nTexts, note } = block;
      const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
      const rule = header.map((_, column) => (column < nTexts ? "---" : "---:"));
      const body = rows.map((row) => line(row.map(cellMarkdown)));
      return [
        `**Table ${++numbers.tables}.** ${escaped(caption)}`,
        [line(header.map(escaped)), line(rule), ...body].join("\n"),
        ...(note === undefined ? [] : [proseMarkdown(note)]),
      ];
    }
    case "figure":
      return [`**Figure ${++numbers.figures}.** ${proseMarkdown(block.caption)} ${escaped(block.alt)}`];
    default:
      block satisfies never;
      return [];
  }
}

const WORDS = { good: "yes: ", bad: "no: ", plain: "" } as const;

function listMarkdown(items: readonly Prose[]): string {
  return items.map((item) => `- ${proseMarkdown(item)}`).join("\n");
}

function cellMarkdown({ text, cluster }: Cell): string {
  const said = proseMarkdown(text)
    .replaceAll(/(?<!\\)\|/g, "\\|")
    .replaceAll("\n", " ");
  return said === "" && cluster !== undefined ? String(cluster) : said;
}

function proseMarkdown(text: Prose): string {
  return text
    .map((span) => {
      if (typeof span === "string") return escaped(span);
      if ("code" in span) return codeMarkdown(span.code);
      if ("strong" in span) return `**${escaped(span.strong)}**`;
      if ("emphasis" in span) return `*${escaped(span.emphasis)}*`;
      return `[${escaped(span.link)}](<${span.to.replaceAll(/[<>]/g, encodeURIComponent)}>)`;
    })
    .join("");
}

/** Between as many backticks as it has none of. */
function codeMarkdown(code: string): string {
  const text = printable(code);
  const ticks = "`".repeat(longestRun(text) + 1);
  const room = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${ticks}${room}${text}${room}${ticks}`;
}

function fenceOf(text: string): string {
  return "`".repeat(Math.max(3, longestRun(text) + 1));
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** Names come from data: what Markdown would take for markup is none. */
function escaped(text: string): string {
  return printable(text.replaceAll("\n", " ")).replaceAll(/[\\`*_[\]<>#|&]/g, "\\$&");
}
