import { textWidth } from "./text-width.js";

/**
 * Breaks a text into lines at its blanks.
 *
 * @param size of the text, in logical units
 * @param most lines; what is left over stands in the last, which a mark with a `maxWidth` cuts
 */
export function wrapText(
  text: string,
  size: number,
  width: number,
  most: number,
  weight: "regular" | "semibold" = "regular",
): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || lines.length === most - 1 || textWidth(longer, size, weight) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
