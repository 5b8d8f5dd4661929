import { escapeMarkup } from "../../markup/html.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape begins with one
const STYLE = /\u001b\[([\d;]*)m/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: likewise
const OTHER = /\u001b(?:\[[\d;?]*[A-Za-ln-z]|\][^\u0007]*\u0007)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f]/g;

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/**
 * What a program printed for a terminal, as HTML: lines that were written over are as they were last, colours and bold
 * (ANSI) are classes, and all else that acts on a terminal is left out.
 */
export function terminalHtml(text: string): string {
  const lines = text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.split("\r").findLast((part) => part !== "") ?? "");
  let isOpen = false;
  const styles = new Set<string>();
  const html = escapeMarkup(lines.join("\n").replaceAll(OTHER, "")).replaceAll(STYLE, (_, codes: string) => {
    for (const code of codes.split(";").map(Number)) restyle(styles, code);
    const closed = isOpen ? "</span>" : "";
    isOpen = styles.size > 0;
    return closed + (isOpen ? `<span class="${[...styles].join(" ")}">` : "");
  });
  return html + (isOpen ? "</span>" : "");
}

function restyle(styles: Set<string>, code: number): void {
  if (code === 0) styles.clear();
  if (code === 1) styles.add("ansi-bold");
  if (code === 22) styles.delete("ansi-bold");
  const colour = code >= 90 && code <= 97 ? code - 90 : code - 30;
  if (code !== 39 && (Number.isNaN(colour) || colour < 0 || colour > 7)) return;
  for (const name of COLOURS) styles.delete(`ansi-${name}`);
  if (code !== 39) styles.add(`ansi-${COLOURS[colour]}`);
}
