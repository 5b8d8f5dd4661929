import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { RunError } from "../errors.js";
import { findDeno } from "./find-deno.js";
import { findTslab } from "./find-tslab.js";
import { FLAVOURS, type Flavour, installKernelspec, KERNEL_NAMES, makeKernelspec } from "./kernelspec.js";
import type { Notebook } from "./notebook-file.js";
import { findPython, runPython } from "./python.js";

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

/** The last line of execute.py. */
interface Done {
  type: "done";
  notebook: Notebook;
  failure: { index: number; message: string } | null;
}

/**
 * Executes a notebook with Jupyter (nbclient).
 *
 * @param folder where its cells run
 * @param kernel "tslab" or "deno" for ours, installed or not; else the name of an installed kernel
 * @param onCell told of each code cell as it starts and ends
 * @throws RunError if Jupyter, the kernel or its program is missing
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
    const patience = flavour === "deno" ? DENO_PATIENCE : 0;
    let reply: Done | null = null;
    await runPython(python, "execute.py", JSON.stringify({ notebook, folder, kernel: name, patience }), {
      env: { JUPYTER_PATH: [specs, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter) },
      signal,
      onLine(line) {
        const told = JSON.parse(line) as CellEvent | Done;
        if (told.type === "done") reply = told;
        else onCell(told);
      },
    });
    const { notebook: executed, failure } = reply as unknown as Done;
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
