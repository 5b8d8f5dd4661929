import { escapeMarkup } from "../../markup/html.js";
import { type CellOutput, joinLines } from "../notebook-file.js";
import { dataUrl } from "./embed-media.js";
import { terminalHtml } from "./terminal-text.js";

/** Of several forms of the same output the one that a page shows best. */
const PREFERRED = [
  "text/html",
  "image/svg+xml",
  "image/png",
  "image/jpeg",
  "image/gif",
  "text/markdown",
  "text/latex",
  "application/json",
  "text/plain",
];

/**
 * The outputs of a cell as HTML, one text each; what is printed piece by piece is one.
 *
 * @param markdownHtml makes HTML of Markdown
 */
export function outputsHtml(
  outputs: readonly CellOutput[],
  markdownHtml: (text: string) => string,
): string[] {
  const htmls: string[] = [];
  for (let i = 0; i < outputs.length; i++) {
    const { output_type, name, text, data = {}, ename, evalue, traceback } = outputs[i];
    if (output_type === "stream") {
      let printed = joinLines(text);
      while (outputs[i + 1]?.output_type === "stream" && outputs[i + 1].name === name) {
        printed += joinLines(outputs[++i].text);
      }
      htmls.push(`<pre class="printed ${name === "stderr" ? "bad" : ""}">${terminalHtml(printed)}</pre>`);
    } else if (output_type === "error") {
      const said = joinLines(traceback?.join("\n")) || `${ename}: ${evalue}`;
      htmls.push(`<pre class="printed bad">${terminalHtml(said)}</pre>`);
    } else {
      const type = preferredType(data);
      if (type !== undefined)
        htmls.push(dataHtml(type, data[type], joinLines(data["text/plain"]), markdownHtml));
    }
  }
  return htmls;
}

/** Which form of an output a page shows; undefined if there is none that it can. */
export function preferredType(data: NonNullable<CellOutput["data"]>): string | undefined {
  return PREFERRED.find((type) => data[type] !== undefined);
}

/** @param alt what is read where a picture is not seen */
function dataHtml(
  type: string,
  data: string | string[],
  alt: string,
  markdownHtml: (text: string) => string,
): string {
  const text =
    typeof data === "object" && !Array.isArray(data) ? JSON.stringify(data, null, 2) : joinLines(data);
  if (type === "text/html") return text;
  if (type === "text/markdown") return markdownHtml(text);
  if (type === "image/svg+xml")
    return picture(type, Buffer.from(withNamespace(text)).toString("base64"), alt);
  if (type.startsWith("image/")) return picture(type, text.replaceAll("\n", ""), alt);
  return `<pre class="printed">${terminalHtml(text)}</pre>`;
}

function picture(type: string, base64: string, alt: string): string {
  return `<img alt="${escapeMarkup(alt)}" src="${dataUrl(type, base64)}">`;
}

/** SVG as a file of its own must name its namespace, which in a page it need not. */
function withNamespace(svg: string): string {
  return /<svg\b[^>]*\sxmlns=/.test(svg)
    ? svg
    : svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
}
