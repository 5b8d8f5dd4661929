import { resolve } from "node:path";
import { TEXT } from "../../directory/json-object.js";
import { type LoggedSummary, readSummary, settingOf } from "../../directory/read-summary.js";
import { escapeMarkup } from "../../markup/html.js";
import { joinLines, type Notebook } from "../notebook-file.js";

/** A run whose directory an output names. */
interface NamedRun {
  /** As it is named there. */
  directory: string;
  summary: LoggedSummary;
}

/** Files of data that are listed; of more there is the number. */
const MOST_FILES = 50;

/**
 * The runs whose directories the outputs of a notebook name, with their hashes, and what each client held in them, by its
 * bytes; "" if there are none.
 *
 * @param folder of the notebook, where relative directories begin
 */
export function runsSection(notebook: Notebook, folder: string): string {
  const runs = runsNamedBy(notebook, folder);
  if (runs.length === 0) return "";
  const rows = runs.map(({ directory, summary }) => [
    directory,
    settingOf(summary, "data", TEXT) ?? "-",
    summary.n_samples === null ? "-" : String(summary.n_samples),
    summary.results?.rounds == null ? "-" : String(summary.results.rounds),
    summary.status,
    summary.results?.run_hash ?? "-",
  ]);
  const files = filesOf(runs);
  const fileRows = files
    .slice(0, MOST_FILES)
    .map(({ client, file, rows, size, sha256 }) => [
      client,
      file ?? "in memory",
      String(rows),
      String(size),
      sha256,
    ]);
  const more = files.length - fileRows.length;
  return [
    '<h3 id="runs">Runs and data</h3>',
    table(
      "runs whose directories the cells show",
      ["directory", "data", "rows", "rounds", "status", "run hash"],
      [2, 3],
      rows,
    ),
    files.length === 0
      ? ""
      : table("what clients held", ["client", "file", "rows", "bytes", "SHA-256"], [2, 3], fileRows),
    more > 0 ? `<p class="small">and ${more} more</p>` : "",
  ].join("\n");
}

function runsNamedBy({ cells }: Notebook, folder: string): NamedRun[] {
  const texts = cells.flatMap(({ outputs = [] }) =>
    outputs.flatMap(({ text, data = {} }) => [text, data["text/html"], data["text/plain"]].map(joinLines)),
  );
  const named = texts.flatMap((text) => text.match(/[\w.~:/\\-]*experiment_\d{8}_\d{6}(?:_\d+)?\b/g) ?? []);
  return [...new Set(named)].flatMap((directory) => {
    try {
      return [{ directory, summary: readSummary(resolve(folder, directory)) }];
    } catch {
      // An output may name what has been removed since, or a part of a path.
      return [];
    }
  });
}

function filesOf(runs: readonly NamedRun[]) {
  const all = runs.flatMap(({ summary }) => summary.partitions ?? []);
  return [
    ...new Map(all.map((partition) => [`${partition.client} ${partition.sha256}`, partition])).values(),
  ];
}

/** @param numbers columns that hold numbers */
function table(caption: string, header: string[], numbers: number[], rows: string[][]): string {
  const side = (column: number) => (numbers.includes(column) ? "" : ' class="text"');
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell, column) => `<${tag}${side(column)}>${escapeMarkup(cell)}</${tag}>`).join("")}</tr>`;
  return (
    `<div class="output hashes"><table><caption>${caption}</caption><thead>${line("th", header)}</thead>` +
    `<tbody>${rows.map((row) => line("td", row)).join("")}</tbody></table></div>`
  );
}
