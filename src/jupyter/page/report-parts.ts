import { escapeMarkup } from "../../markup/html.js";
import { joinLines, type Notebook } from "../notebook-file.js";
import { dataUrl } from "./embed-media.js";
import { fitTables } from "./fit-tables.js";
import { runsSection } from "./runs.js";

/** One parameter of a notebook. */
interface ParameterValue {
  name: string;
  /** The code of its value. */
  value: string;
  /** The code of the value that it has if none is given; null if none was given. */
  instead: string | null;
}

/** A box with the values of a notebook's parameters, and whether they were given; "" if it has none. */
export function parametersBox(notebook: Notebook): string {
  const parameters = parametersOf(notebook);
  if (parameters.length === 0) return "";
  const items = parameters.map(({ name, value, instead }) => {
    const note =
      instead === null || instead === value
        ? ""
        : ` <span class="small">(default ${escapeMarkup(instead)})</span>`;
    return `<dt><code>${escapeMarkup(name)}</code></dt><dd><code>${escapeMarkup(value)}</code>${note}</dd>`;
  });
  return `<section class="box" aria-label="Parameters"><strong>Parameters</strong><dl class="facts">${items.join("")}</dl></section>`;
}

function parametersOf({ cells }: Notebook): ParameterValue[] {
  const values = (tag: string) => {
    const cell = cells.find(({ metadata }) => metadata.tags?.includes(tag));
    const found = joinLines(cell?.source).matchAll(
      /^(?:let|const|var)\s+([A-Za-z_$][\w$]*)[^=\n]*=\s*(.+?);?\s*(?:\/\/.*)?$/gm,
    );
    return new Map([...found].map(([, name, value]) => [name, value]));
  };
  const given = values("injected-parameters");
  return [...values("parameters")].map(([name, value]) => {
    const other = given.get(name);
    return other === undefined ? { name, value, instead: null } : { name, value: other, instead: value };
  });
}

/** When and by what a notebook was executed, for the line below the title; "" if it was not recorded. */
export function executionLine({ metadata }: Notebook): string {
  const { papermill, fedkmeans } = metadata;
  if (papermill === undefined || fedkmeans === undefined) return "";
  const { name, version } = fedkmeans.kernel;
  const when = `${papermill.start_time.slice(0, 16).replace("T", " ")} UTC`;
  return (
    `executed on ${when} in ${duration(papermill.duration)} · fedkmeans ${fedkmeans.environment.fedkmeans} · ` +
    escapeMarkup(version === null ? name : `${name} ${version}`)
  );
}

/**
 * What is known of how a notebook was executed, the runs in it, and the notebook itself, to download.
 *
 * @param name of the notebook's file
 * @param folder that holds it
 */
export function environmentSection(notebook: Notebook, name: string, folder: string): string {
  const { papermill, fedkmeans } = notebook.metadata;
  const facts: [string, string][] = [];
  if (papermill !== undefined && fedkmeans !== undefined) {
    const { environment, kernel, notebook_sha256 } = fedkmeans;
    const runtime = `${environment.runtime} ${environment.runtime_version}`;
    const ran = kernel.version === null ? kernel.name : `${kernel.name} ${kernel.version}`;
    facts.push(
      ["fedkmeans", environment.fedkmeans],
      ["cells ran on", kernel.name === "tslab" ? `${ran}, ${runtime}` : ran],
      ["platform", `${environment.platform}, ${environment.architecture}`],
      [
        "processors",
        `${environment.processors}${environment.processor === null ? "" : ` (${environment.processor})`}`,
      ],
      ["began", papermill.start_time],
      ["ended", `${papermill.end_time}, after ${duration(papermill.duration)}`],
      ["notebook", papermill.input_path],
      ["its SHA-256", notebook_sha256],
    );
  }
  const items = facts.map(([term, value]) => `<dt>${term}</dt><dd>${escapeMarkup(value)}</dd>`);
  const file = Buffer.from(`${JSON.stringify(notebook, null, 1)}\n`).toString("base64");
  const link = `<a download="${escapeMarkup(name)}" href="${dataUrl("application/x-ipynb+json", file)}">${escapeMarkup(name)}</a>`;
  return (
    `<section><h2 id="environment">Environment</h2>` +
    `<dl class="facts">${items.join("")}<dt class="held">as executed</dt><dd class="held">${link}, which this page holds</dd></dl>` +
    `${fitTables(runsSection(notebook, folder))}</section>`
  );
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
