import type { Block, Section } from "./document.js";

/**
 * What whoever makes the report has to say, in plain text: paragraphs with blank lines between them, lists of lines that
 * begin with "- ", headings of lines that begin with "#". Whatever else stands in it is text.
 */
export function noteSection(text: string): Section {
  const parts = text.replaceAll("\r\n", "\n").split(/\n\s*\n/);
  const blocks = parts.filter((part) => part.trim() !== "").flatMap(blocksOf);
  return { id: "note", title: "Note", blocks };
}

function blocksOf(part: string): Block[] {
  const lines = part.trim().split("\n");
  const heading = /^#+\s+(.*)$/.exec(lines[0]);
  if (heading !== null) {
    const rest = lines.slice(1).join("\n");
    return [{ type: "heading", text: heading[1] }, ...(rest.trim() === "" ? [] : blocksOf(rest))];
  }
  if (lines.every((line) => /^[-*]\s/.test(line))) {
    return [{ type: "list", items: lines.map((line) => [line.replace(/^[-*]\s+/, "")]) }];
  }
  return [{ type: "paragraph", text: [lines.join(" ")] }];
}
