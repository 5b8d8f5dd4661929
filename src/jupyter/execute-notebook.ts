import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { RunError } from "../errors.js";
import { findDeno } from "./find-deno.js";
import { findTslab } from "./find-tslab.js";
import { FLAVOURS, type Flavour, installKernelspec, KERNEL_NAMES, makeKernelspec } from "./kernelspec.js";
import type { Notebook } from "./notebook-file.js";
import { findPython, ProgramError, runPython } from "./python.js";

export interface Execution {
  /** The notebook with its outputs, up to the cell that failed. */
  notebook: Notebook;
  /** The cell that failed, counted from 1, and why; null if none did. */
  failure: { cell: number; message: string } | null;
}

/** A code cell that starts or ends, by its index from 0. */
export interface CellEvent {
  type: "start" | "end";
  index: number;
}

/** Seconds without a message after which Deno's kernel, which says too early that a cell is done, has published all. */
const DENO_PATIENCE = 30;

/** What execute.py tells at its end. */
interface Done {
  notebook: Notebook;
  failure: { index: number; message: string } | null;
}

/**
 * Executes a notebook with Jupyter (nbclient).
 *
 * @param folder where its cells run
 * @param kernel "tslab" or "deno" for ours, installed or not; else the name of an installed kernel
 * @param onCell told of each code cell as it starts and ends
 * @throws RunError if Jupyter, the kernel or its program is missing, or the kernel does not start
 */
export async function executeNotebook(
  notebook: Notebook,
  folder: string,
  kernel: string,
  signal: AbortSignal,
  onCell: (event: CellEvent) => void = () => {},
): Promise<Execution> {
  const python = findPython(["nbclient", "nbformat"]);
  const flavour = flavourOf(kernel);
  const specs = mkdtempSync(join(tmpdir(), "fedkmeans-kernels-"));
  try {
    const name = flavour === undefined ? kernel : KERNEL_NAMES[flavour];
    if (flavour !== undefined) installKernelspec(specs, name, makeKernelspec(flavour, programOf(flavour)));
    const job = { notebook, folder, kernel: name, patience: flavour === "deno" ? DENO_PATIENCE : 0 };
    const execute = () =>
      runPython<Done>(python, "execute.py", job, {
        env: { JUPYTER_PATH: [specs, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter) },
        signal,
        onTold: (told) => onCell(told as CellEvent),
      });
    const { notebook: executed, failure } = await execute()
      .catch((error) => {
        // Jupyter looks for ports that are free, and another program may take one before the kernel does.
        if (error instanceof ProgramError && error.facts.again === true) return execute();
        throw error;
      })
      .catch((error) => {
        throw error instanceof ProgramError ? explain(error) : error;
      });
    return { notebook: executed, failure: findFailure(executed, failure) };
  } finally {
    rmSync(specs, { recursive: true, force: true });
  }
}

/** Which of our programs runs a kernel of this name; undefined for another's. */
export function flavourOf(kernel: string): Flavour | undefined {
  return FLAVOURS.find((flavour) => flavour === kernel || KERNEL_NAMES[flavour] === kernel);
}

/**
 * Where tslab or Deno is.
 *
 * @throws RunError if it is not installed
 */
export function programOf(flavour: Flavour): string {
  const program = flavour === "tslab" ? findTslab() : findDeno();
  if (program !== null) return program;
  throw new RunError(
    flavour === "tslab"
      ? "tslab is not installed: fedkmeans kernel install installs it"
      : "Deno is not installed: npm install deno",
  );
}

/** Of a kernel that did not start, what it said of it. */
function explain({ message, facts, noted }: ProgramError): RunError {
  return new RunError(facts.started === false && noted !== null ? `${message}; it said: ${noted}` : message);
}

/** The cell that failed, and why: the one that Jupyter named, or one whose error came after it was said to be done. */
function findFailure(
  { cells }: Notebook,
  reported: { index: number; message: string } | null,
): Execution["failure"] {
  if (reported !== null) return { cell: reported.index + 1, message: reported.message };
  for (const [index, { outputs = [] }] of cells.entries()) {
    const error = outputs.find(({ output_type }) => output_type === "error");
    if (error !== undefined) return { cell: index + 1, message: `${error.ename}: ${error.evalue}` };
  }
  return null;
}
