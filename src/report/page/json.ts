import { SCHEMA_VERSION } from "../../directory/layout.js";
import { type Block, plain, type ReportDocument, type TableBlock } from "./document.js";
import { PAGE_RECORD } from "./page-record.js";

/** A report for programs: its facts, and of each section the texts and tables, with numbers as they are. */
export function reportJson({ title, subtitle, sections, attachments }: ReportDocument): string {
  const record = attachments.find(({ name }) => name === PAGE_RECORD);
  const facts = record === undefined ? null : JSON.parse(record.text);
  const others = attachments.filter(({ name }) => name !== PAGE_RECORD);
  const fields = {
    schema_version: SCHEMA_VERSION,
    title,
    subtitle: plain(subtitle),
    facts,
    sections: sections.map((section) => ({
      id: section.id,
      title: section.title,
      blocks: section.blocks.flatMap(blockJson),
    })),
    attachments: Object.fromEntries(others.map(({ name, text }) => [name, JSON.parse(text)])),
  };
  return `${JSON.stringify(fields, null, 1)}\n`;
}

function blockJson(block: Block): object[] {
  switch (block.type) {
    case "table":
      return [tableJson(block)];
    case "figure":
      return [{ type: "figure", caption: plain(block.caption), alt: block.alt }];
    case "details":
      return [{ type: "details", summary: block.summary, blocks: block.blocks.flatMap(blockJson) }];
    case "warning":
      return [{ type: "warning", title: block.title, items: block.items.map(plain) }];
    case "list":
      return [{ type: "list", items: block.items.map(plain) }];
    case "badges":
    case "tiles":
    case "code":
    case "heading":
      return [block];
    case "files":
      return [];
    default:
      return [{ type: block.type, text: plain(block.text) }];
  }
}

/** With the data that the table rounds or leaves out, where it has some. */
function tableJson({ caption, header, rows, data, note }: TableBlock): object {
  const shown = { header, rows: rows.map((row) => row.map(({ text }) => plain(text))) };
  return { type: "table", caption, ...(data ?? shown), ...(note !== undefined && { note: plain(note) }) };
}
