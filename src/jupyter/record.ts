import type { EnvironmentRecord } from "../directory/summary.js";
import type { CellEvent, Execution } from "./execute-notebook.js";
import type { Notebook, NotebookCell } from "./notebook-file.js";

/** What papermill writes of an execution (`metadata.papermill`), times in ISO 8601 and UTC, durations in seconds. */
export interface PapermillRecord {
  /** What was given, by name. */
  parameters: Record<string, unknown>;
  input_path: string;
  output_path: string;
  start_time: string;
  end_time: string;
  duration: number;
  /** True if a cell failed; null if none did. */
  exception: true | null;
  /** The program and its version. */
  version: string;
}

/** Likewise of a cell; times are null of one that was not executed. */
export interface CellRecord {
  start_time: string | null;
  end_time: string | null;
  duration: number | null;
  exception: boolean | null;
  status: "pending" | "completed" | "failed";
}

/** What papermill has no place for (`metadata.fedkmeans`). */
export interface FedkmeansRecord {
  environment: EnvironmentRecord;
  /** What ran the cells, with its version: of tslab, which runs on Node, or of Deno; null of another's kernel. */
  kernel: { name: string; version: string | null };
  /** SHA-256 of the notebook's file, before its execution. */
  notebook_sha256: string;
}

/** When an execution and each of its code cells, by index, started and ended, in milliseconds since 1970. */
export interface Times {
  start: number;
  end: number;
  cells: Map<number, { start: number; end: number | null }>;
}

/** Papermill's tag of the cells that say where a notebook failed. */
export const ERROR_TAG = "papermill-error-cell-tag";

/** Notes when cells start and end. */
export function startTimes(): { onCell: (event: CellEvent) => void; stop: () => Times } {
  const start = Date.now();
  const cells: Times["cells"] = new Map();
  return {
    onCell({ type, index }) {
      if (type === "start") cells.set(index, { start: Date.now(), end: null });
      else cells.get(index)!.end = Date.now();
    },
    stop: () => ({ start, end: Date.now(), cells }),
  };
}

/**
 * Writes into an executed notebook what was executed, when and by what, as papermill does, and what papermill does not.
 *
 * @param facts the parameters that were given, the paths as they were given, and `FedkmeansRecord`
 */
export function recordExecution(
  { notebook, failure }: Execution,
  times: Times,
  facts: Pick<PapermillRecord, "parameters" | "input_path" | "output_path"> & { fedkmeans: FedkmeansRecord },
): void {
  const { fedkmeans, ...papermill } = facts;
  notebook.metadata.papermill = {
    ...papermill,
    ...span(times.start, times.end),
    exception: failure === null ? null : true,
    version: `fedkmeans ${fedkmeans.environment.fedkmeans}`,
  };
  notebook.metadata.fedkmeans = fedkmeans;
  for (const [index, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code") continue;
    const cellTimes = times.cells.get(index);
    const failed = failure?.cell === index + 1;
    cell.metadata.papermill = {
      ...(cellTimes === undefined ? UNKNOWN : span(cellTimes.start, cellTimes.end ?? times.end)),
      exception: cellTimes === undefined ? null : failed,
      status: cellTimes === undefined ? "pending" : failed ? "failed" : "completed",
    };
  }
}

/** Removes what an earlier execution wrote into a notebook of itself, and the marks of its failure. */
export function clearRecord(notebook: Notebook): void {
  delete notebook.metadata.papermill;
  delete notebook.metadata.fedkmeans;
  notebook.cells = notebook.cells.filter((cell) => !cell.metadata.tags?.includes(ERROR_TAG));
  for (const cell of notebook.cells) delete cell.metadata.papermill;
}

/** Marks a cell that failed as papermill does: a line before it, and one at the top that leads there. */
export function markFailure(notebook: Notebook, { cell: number }: { cell: number }): void {
  const failed = notebook.cells[number - 1];
  const mark = (id: string, html: string): NotebookCell => ({
    cell_type: "markdown",
    ...(notebook.nbformat_minor >= 5 ? { id } : {}),
    metadata: { tags: [ERROR_TAG] },
    source: html,
  });
  const link = `<a href="#papermill-error-cell">In [${failed.execution_count ?? " "}]</a>`;
  notebook.cells.splice(
    number - 1,
    0,
    mark(
      "papermill-error-cell",
      `<span id="papermill-error-cell" style="color:#c0362c;font-size:1.5em">The next cell failed, and the execution stopped there:</span>`,
    ),
  );
  notebook.cells.unshift(
    mark(
      "papermill-error-top",
      `<span style="color:#c0362c;font-size:1.5em">This notebook failed at ${link}.</span>`,
    ),
  );
}

/** Folds the code of a notebook, as papermill's report mode does. */
export function hideCode({ cells }: Notebook): void {
  for (const { cell_type, metadata } of cells) {
    if (cell_type === "code") metadata.jupyter = { ...metadata.jupyter, source_hidden: true };
  }
}

const UNKNOWN = { start_time: null, end_time: null, duration: null };

function span(start: number, end: number): { start_time: string; end_time: string; duration: number } {
  return {
    start_time: new Date(start).toISOString(),
    end_time: new Date(end).toISOString(),
    duration: (end - start) / 1000,
  };
}
