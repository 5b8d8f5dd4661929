import { printableLine } from "../printable.js";
import { type CellOutput, joinLines, type Notebook, type NotebookCell } from "./notebook-file.js";
import { preferredType } from "./page/output-html.js";

/** What comparing the outputs of two executions found. */
export interface Comparison {
  /** The first cell, counted from 1, that shows something else, and what; null if none does. */
  difference: { cell: number; message: string } | null;
  /** How many code cells were compared. */
  nCells: number;
  /** How many of their pictures and videos differ in bytes, and are alike in kind and size. */
  nBySize: number;
}

/** One output as text to compare: times, and what stands for pictures, left out. */
interface Shown {
  text: string;
  /** Bytes of the pictures and videos in it, one after the other in base64. */
  media: string[];
}

/** Papermill's and nbval's tag of a cell whose outputs are expected to change. */
const IGNORED = "nbval-ignore-output";

/**
 * Compares what the code cells of two executions of a notebook show: texts, tables, SVG and errors to the letter, except
 * for times, dates and the names of experiment directories, which hold one; PNG and other pictures, in which these may
 * be drawn, by their size at least; videos by their kind. A cell tagged `nbval-ignore-output` may show anything.
 *
 * @param end compares the cells before this one, counted from 1
 */
export function compareOutputs(
  before: Notebook,
  after: Notebook,
  end: number = before.cells.length + 1,
): Comparison {
  let [nCells, nBySize] = [0, 0];
  for (const [index, cell] of before.cells.slice(0, end - 1).entries()) {
    if (cell.cell_type !== "code" || cell.metadata.tags?.includes(IGNORED)) continue;
    nCells++;
    const [expected, found] = [shownBy(cell), shownBy(after.cells[index])];
    const message = differenceOf(expected, found);
    if (message !== null) return { difference: { cell: index + 1, message }, nCells, nBySize };
    nBySize += expected.flatMap(({ media }, i) =>
      media.filter((data, j) => data !== found[i].media[j]),
    ).length;
  }
  return { difference: null, nCells, nBySize };
}

function differenceOf(expected: readonly Shown[], found: readonly Shown[]): string | null {
  for (const [i, { text }] of expected.entries()) {
    if (found[i] === undefined || text === found[i].text) continue;
    return `expected ${excerpts(text, found[i].text).join(", found ")}`;
  }
  if (expected.length === found.length) return null;
  const count = (n: number) => `${n} ${n === 1 ? "output" : "outputs"}`;
  return `expected ${count(expected.length)}, found ${found.length}`;
}

/** Two texts from a little before where they first differ. */
function excerpts(a: string, b: string): string[] {
  let at = 0;
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at++;
  const from = Math.max(0, at - 20);
  return [a, b].map((text) => {
    const part = text.slice(from, from + 60);
    return `"${from > 0 ? "…" : ""}${printableLine(part.replaceAll("\n", "\\n"))}${from + 60 < text.length ? "…" : ""}"`;
  });
}

function shownBy({ outputs = [] }: NotebookCell): Shown[] {
  const shown: Shown[] = [];
  let stream: string | undefined;
  for (const output of outputs) {
    const one = shownIn(output);
    // Text that is printed piece by piece is one text.
    if (output.output_type === "stream" && output.name === stream) shown.at(-1)!.text += one.text;
    else shown.push(one);
    stream = output.output_type === "stream" ? output.name : undefined;
  }
  return shown.map(({ text, media }) => ({ text: withoutTimes(text), media }));
}

function shownIn({ output_type, text, data = {}, ename, evalue }: CellOutput): Shown {
  if (output_type === "stream") return { text: joinLines(text), media: [] };
  if (output_type === "error") return { text: `${ename}: ${evalue}`, media: [] };
  const type = preferredType(data);
  if (type === undefined) return { text: Object.keys(data).sort().join(" "), media: [] };
  const value: unknown = data[type];
  const content =
    typeof value === "object" && !Array.isArray(value) ? JSON.stringify(value) : joinLines(data[type]);
  if (/^image\/(?!svg)/.test(type))
    return withoutMedia(`data:${type};base64,${content.replaceAll("\n", "")}`);
  return withoutMedia(content);
}

/** SVG as its text; of other pictures and of videos what kind they are and, of PNG, how large. */
function withoutMedia(html: string): Shown {
  const media: string[] = [];
  const text = html.replaceAll(
    /data:((?:image|video)\/[\w+.-]+);base64,([\w+/=]+)/g,
    (_, type: string, data: string) => {
      const bytes = Buffer.from(data, "base64");
      if (type === "image/svg+xml") return bytes.toString();
      media.push(data);
      return type === "image/png"
        ? `(${type}, ${bytes.readUInt32BE(16)} x ${bytes.readUInt32BE(20)})`
        : `(${type})`;
    },
  );
  return { text, media };
}

/** Moments and durations as a star. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/experiment_\d{8}_\d{6}(_\d+)?/g, "experiment_*")
    .replaceAll(/\b\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?/g, "*")
    .replaceAll(/\b\d{1,2}:\d{2}:\d{2}(\.\d+)?\b/g, "*")
    .replaceAll(/\b\d+(\.\d+)?(?= ?(ms|s|min|h|seconds?|minutes?|hours?)\b)/g, "*");
}
