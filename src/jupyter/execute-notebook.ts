import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { RunError } from "../errors.js";
import { findDeno } from "./find-deno.js";
import { findTslab } from "./find-tslab.js";
import { FLAVOURS, type Flavour, installKernelspec, KERNEL_NAMES, makeKernelspec } from "./kernelspec.js";
import { type Cell, type Notebook, textOf } from "./notebook-file.js";
import { findPython, runPython } from "./python.js";

export interface Execution {
  /** With outputs, as far as it went. */
  notebook: Notebook;
  /** The cell that failed, counted from 1, and why; null if none did. */
  failure: { cell: number; message: string } | null;
}

/** Executes cell by cell; the kernel is Jupyter's own matter. Times are left out, so that outputs can be compared. */
const EXECUTE = `
import json, queue, sys, uuid
import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

job = json.load(sys.stdin)
notebook = nbformat.reads(json.dumps(job["notebook"]), as_version=4)
at = [0]

async def take_late(cell, cell_index, execute_reply):
    mark = uuid.uuid4().hex
    marking = client.kc.execute("console.log(%s)" % json.dumps(mark), silent=True, store_history=False)
    requests = (execute_reply["parent_header"]["msg_id"], marking)
    while True:
        try:
            message = await client.kc.iopub_channel.get_msg(timeout=job["patience"])
        except queue.Empty:
            return
        if message["parent_header"].get("msg_id") not in requests:
            continue
        if mark in message["content"].get("text", ""):
            return
        if message["msg_type"] not in ("status", "execute_input"):
            client.process_message(message, cell, cell_index)

client = NotebookClient(
    notebook,
    kernel_name=job["kernel"],
    timeout=None,
    record_timing=False,
    resources={"metadata": {"path": job["folder"]}},
    on_cell_start=lambda cell, cell_index: at.__setitem__(0, cell_index),
    on_cell_executed=take_late if job["patience"] else None,
)
failure = None
try:
    client.execute()
except NoSuchKernel:
    sys.exit("no kernel is named %s; jupyter kernelspec list names those there are" % job["kernel"])
except CellExecutionError as error:
    failure = {"index": at[0], "message": "%s: %s" % (error.ename, error.evalue)}
except DeadKernelError:
    failure = {"index": at[0], "message": "the kernel died"}
written = json.loads(nbformat.writes(notebook, version=4))
json.dump({"notebook": written, "failure": failure}, sys.stdout)
`;

/**
 * Deno's kernel says that a cell is done without waiting until all it printed is published. As it publishes in order,
 * all is there once a mark is that is printed after it. Seconds without a message after which it is no longer
 * expected.
 */
const DENO_PATIENCE = 30;

const EXPORT = `
import json, sys
import nbformat
from nbconvert.exporters import get_exporter

job = json.load(sys.stdin)
notebook = nbformat.reads(json.dumps(job["notebook"]), as_version=4)
output, _ = get_exporter(job["format"])().from_notebook_node(notebook)
sys.stdout.buffer.write(output if isinstance(output, bytes) else output.encode("utf-8"))
`;

/**
 * Executes a notebook with Jupyter (nbclient).
 *
 * @param folder where its cells run
 * @param kernel "tslab" or "deno" for ours, installed or not; else the name of an installed kernel
 * @throws RunError if Jupyter, the kernel or its program is missing
 */
export async function executeNotebook(
  notebook: Notebook,
  folder: string,
  kernel: string,
  signal: AbortSignal,
): Promise<Execution> {
  const python = findPython(["nbclient", "nbformat"]);
  const flavour = FLAVOURS.find((flavour) => flavour === kernel || KERNEL_NAMES[flavour] === kernel);
  const specs = mkdtempSync(join(tmpdir(), "fedkmeans-kernels-"));
  try {
    const name = flavour === undefined ? kernel : KERNEL_NAMES[flavour];
    if (flavour !== undefined) installKernelspec(specs, name, makeKernelspec(flavour, programOf(flavour)));
    const patience = flavour === "deno" ? DENO_PATIENCE : 0;
    const output = await runPython(
      python,
      EXECUTE,
      JSON.stringify({ notebook, folder, kernel: name, patience }),
      {
        env: { JUPYTER_PATH: [specs, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter) },
        signal,
      },
    );
    const reply = JSON.parse(output.toString()) as {
      notebook: Notebook;
      failure: { index: number; message: string } | null;
    };
    return { notebook: reply.notebook, failure: findFailure(reply.notebook, reply.failure) };
  } finally {
    rmSync(specs, { recursive: true, force: true });
  }
}

/**
 * Makes something else of a notebook (nbconvert).
 *
 * @param format e.g. "html" or "markdown"
 * @throws RunError if nbconvert is missing or does not know the format
 */
export function exportNotebook(notebook: Notebook, format: string, signal: AbortSignal): Promise<Buffer> {
  const python = findPython(["nbconvert", "nbformat"]);
  return runPython(python, EXPORT, JSON.stringify({ notebook, format }), { env: {}, signal });
}

function programOf(flavour: Flavour): string {
  const program = flavour === "tslab" ? findTslab() : findDeno();
  if (program !== null) return program;
  throw new RunError(
    flavour === "tslab"
      ? "tslab is not installed: fedkmeans kernel install installs it"
      : "Deno is not installed: npm install deno",
  );
}

/** tslab says what went wrong as text on standard error only, and of a rejection that nobody awaits not even that it failed. */
function findFailure(
  { cells }: Notebook,
  reported: { index: number; message: string } | null,
): Execution["failure"] {
  if (reported !== null) {
    const said = errorLine(standardError(cells[reported.index]));
    const isTold = /^<Error>|^None\b/.test(reported.message) && said !== null;
    return { cell: reported.index + 1, message: isTold ? said : reported.message };
  }
  const index = cells.findIndex((cell) =>
    /^(UnhandledPromiseRejection|UncaughtException):/m.test(standardError(cell)),
  );
  return index < 0 ? null : { cell: index + 1, message: errorLine(standardError(cells[index]))! };
}

function standardError({ outputs = [] }: Cell): string {
  return outputs
    .filter(({ output_type, name }) => output_type === "stream" && name === "stderr")
    .map(({ text }) => textOf(text))
    .join("");
}

/** The line of an error's text that says what it is; null if there is no text. */
function errorLine(text: string): string | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const named = lines.find((line) => /^\[?\w*Error\b/.test(line)) ?? lines[0];
  return named === undefined ? null : named.replace(/^\[(.*)\]$/, "$1");
}
