import { messageOf, RunError, UsageError } from "../errors.js";
import { readRegularText } from "../files/regular-file.js";
import { checkNotebook } from "./check-notebook.js";
import type { CellRecord, FedkmeansRecord, PapermillRecord } from "./record.js";

/** What this reads and writes of a notebook file (nbformat 4); everything else in it is kept. */
export interface Notebook {
  cells: NotebookCell[];
  metadata: {
    kernelspec?: { name?: string; display_name?: string; language?: string };
    language_info?: { name?: string; pygments_lexer?: string };
    papermill?: PapermillRecord;
    fedkmeans?: FedkmeansRecord;
  };
  nbformat: number;
  nbformat_minor: number;
}

export interface NotebookCell {
  cell_type: string;
  id?: string;
  metadata: { tags?: string[]; papermill?: CellRecord; jupyter?: { source_hidden?: boolean } };
  /** Text, or its lines. */
  source: string | string[];
  outputs?: CellOutput[];
  /** Pictures of a markdown cell, by name and media type, in base64. */
  attachments?: Record<string, Record<string, string | string[]>>;
  execution_count?: number | null;
}

export interface CellOutput {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, string | string[]>;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

/** The name of a parameter and its value, as the command line gives them. */
export type Parameter = readonly [name: string, value: string];

/** @throws UsageError if there is no such file; RunError, naming the file and the cell, if it is no notebook */
export function readNotebook(path: string): Notebook {
  let text: string;
  try {
    text = readRegularText(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be read: ${messageOf(error)}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RunError(`${path}: not a notebook: ${messageOf(error)}`);
  }
  return checkNotebook(value, path);
}

/** Text of a field that nbformat allows to be lines. */
export function joinLines(source: string | readonly string[] | undefined): string {
  return typeof source === "string" ? source : (source ?? []).join("");
}

/**
 * Puts a cell with the parameters' values after the one tagged `parameters`, in the place of one that an earlier
 * run put there (papermill's tags).
 *
 * @param parameters a value is JSON where it reads as JSON, else text
 * @throws UsageError if there is no cell with that tag, or if it does not declare a name
 */
export function injectParameters(notebook: Notebook, parameters: readonly Parameter[], source: string): void {
  if (parameters.length === 0) return;
  const at = notebook.cells.findIndex((cell) => cell.metadata.tags?.includes("parameters"));
  if (at < 0) throw new UsageError(`${source} takes no parameters: none of its cells is tagged "parameters"`);
  const declared = declarations(joinLines(notebook.cells[at].source));
  const lines = parameters.map(([name, value]) => {
    const keyword = declared.get(name);
    if (keyword === undefined) {
      const names = [...declared.keys()].join(", ") || "none";
      throw new UsageError(`${source} has no parameter ${name}: its cell "parameters" declares ${names}`);
    }
    return `${keyword} ${name} = ${JSON.stringify(parameterValue(value))};`;
  });
  const injected: NotebookCell = {
    cell_type: "code",
    ...(notebook.nbformat_minor >= 5 ? { id: "injected-parameters" } : {}),
    metadata: { tags: ["injected-parameters"] },
    source: `// Parameters\n${lines.join("\n")}`,
    outputs: [],
    execution_count: null,
  };
  const cells = notebook.cells.filter((cell) => !cell.metadata.tags?.includes("injected-parameters"));
  const after = cells.findIndex((cell) => cell.metadata.tags?.includes("parameters"));
  notebook.cells = [...cells.slice(0, after + 1), injected, ...cells.slice(after + 1)];
}

/** Top-level names and how each is declared: a cell may declare a name again only the same way. */
function declarations(code: string): Map<string, string> {
  const found = code.matchAll(/^\s*(let|const|var)\s+([A-Za-z_$][\w$]*)/gm);
  return new Map([...found].map(([, keyword, name]) => [name, keyword]));
}

/** A parameter's value: JSON where the text reads as JSON, else text. */
export function parameterValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
