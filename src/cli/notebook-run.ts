import { realpathSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { type Command, Option } from "commander";
import { RunError, UsageError } from "../errors.js";
import { environmentNow } from "../experiment/provenance.js";
import { writeFileAtomically } from "../files/atomic-write.js";
import { hashFile } from "../files/file-hash.js";
import { withInterrupt } from "../files/interrupt.js";
import { checkOutputFile } from "../files/output-file.js";
import { executeNotebook } from "../jupyter/execute-notebook.js";
import { checkExport, exportNotebook } from "../jupyter/export-notebook.js";
import { kernelVersion } from "../jupyter/kernel-version.js";
import { KERNEL_NAMES } from "../jupyter/kernelspec.js";
import { injectParameters, type Parameter, parameterValue, readNotebook } from "../jupyter/notebook-file.js";
import { clearRecord, hideCode, markFailure, recordExecution, startTimes } from "../jupyter/record.js";
import { notebookProgress } from "./notebook-progress.js";
import { CommandWithParameters } from "./parameter-option.js";

const EXAMPLES = `
Examples:
  fedkmeans notebook run notebooks/01-quickstart.ipynb --output quickstart.ipynb
  fedkmeans notebook run study.ipynb -p kGlobal 5 -p data data/ward-7 --to report --output ward-7.html

Parameters are variables that the cell tagged "parameters" declares; a cell with their values is put after it.
A value is JSON where it reads as JSON (5, true, [1, 2]), else text. If a cell fails, what was executed so far
is written, and the exit code is 1. The notebook that is written records when, with what parameters and by what
versions it was executed, as papermill does; with --no-record the same outputs are the same bytes.`;

/** What a file is by its ending. */
const FORMATS: Readonly<Record<string, string>> = { ".html": "html", ".pdf": "pdf", ".md": "markdown" };

interface Options {
  output: string;
  parameter?: Parameter[];
  kernel?: string;
  to?: string;
  code: boolean;
  record: boolean;
  markFailure?: boolean;
}

export function runCommand(): Command {
  return new CommandWithParameters("run")
    .description("Execute a notebook with Jupyter, in its own folder.")
    .argument("<NB.ipynb>", "the notebook; it is not changed unless --output names it")
    .requiredOption("--output <FILE>", "where the executed notebook goes")
    .option(
      "--kernel <NAME>",
      "tslab or deno (need not be installed), or an installed kernel; default: the notebook's",
    )
    .addOption(
      new Option(
        "--to <FORMAT>",
        "notebook; html, one page with all in it; report, a page with contents, numbered figures, and code folded; " +
          "pdf, printed by Chromium; markdown, or another of nbconvert's; default: by the ending of FILE, " +
          ".html, .pdf or .md, else notebook",
      ),
    )
    .option("--no-code", "leave out the code; of a notebook it is folded")
    .option("--no-record", "do not write times, versions and parameters into the notebook's metadata")
    .option("--mark-failure", "say at the top of the notebook, and before the cell, that a cell failed")
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: Options) => withInterrupt((signal) => run(path, options, signal)));
}

async function run(path: string, options: Options, signal: AbortSignal): Promise<void> {
  const notebook = readNotebook(path);
  const { sha256 } = hashFile(path);
  // Not only after an execution that may take hours.
  const output = checkOutputFile(options.output);
  const folder = dirname(resolve(path));
  const parameters = options.parameter ?? [];
  const format = options.to ?? FORMATS[extname(options.output).toLowerCase()] ?? "notebook";
  const exporting = {
    format,
    output,
    hidesCode: !options.code,
    folder,
    name: basename(path),
    signal,
  };
  if (format !== "notebook" && realpathSync(path) === resolve(output)) {
    throw new UsageError(`--output ${options.output} would replace the notebook by ${format}`);
  }
  await checkExport(exporting);
  clearRecord(notebook);
  injectParameters(notebook, parameters, basename(path));
  const kernel = options.kernel ?? notebook.metadata.kernelspec?.name ?? KERNEL_NAMES.tslab;
  const times = startTimes();
  const progress = notebookProgress(notebook);
  const execution = await executeNotebook(notebook, folder, kernel, signal, (event) => {
    times.onCell(event);
    progress.onCell(event);
  }).finally(progress.stop);
  const { notebook: executed, failure } = execution;
  if (options.record) {
    recordExecution(execution, times.stop(), {
      parameters: Object.fromEntries(parameters.map(([name, value]) => [name, parameterValue(value)])),
      input_path: path,
      output_path: options.output,
      fedkmeans: { environment: environmentNow(), kernel: kernelVersion(kernel), notebook_sha256: sha256 },
    });
  }
  if (format === "notebook") {
    if (failure !== null && options.markFailure) markFailure(executed, failure);
    if (exporting.hidesCode) hideCode(executed);
    writeFileAtomically(output, `${JSON.stringify(executed, null, 1)}\n`);
  } else {
    await exportNotebook(execution, exporting);
  }
  if (failure !== null) throw new RunError(`${path}: cell ${failure.cell} failed: ${failure.message}`);
  process.stdout.write(`${options.output}\n`);
}
