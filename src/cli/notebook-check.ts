import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { RunError } from "../errors.js";
import { withInterrupt } from "../files/interrupt.js";
import { compareOutputs } from "../jupyter/compare-outputs.js";
import { executeNotebook } from "../jupyter/execute-notebook.js";
import { KERNEL_NAMES } from "../jupyter/kernelspec.js";
import { readNotebook } from "../jupyter/notebook-file.js";
import { clearRecord } from "../jupyter/record.js";
import { plural } from "../printable.js";
import { notebookProgress } from "./notebook-progress.js";

const DETAILS = `
Texts, tables, charts and errors are compared to the letter, except for times, dates and the names of experiment
directories; PNG by its size, videos by their kind. A cell tagged nbval-ignore-output may show anything. The notebook is
not changed. Exit code 1 and the first cell that shows something else, if one does.`;

export function checkCommand(): Command {
  return new Command("check")
    .description("Execute a notebook again and compare what its cells show with what it holds.")
    .argument("<NB.ipynb>", "an executed notebook")
    .option(
      "--kernel <NAME>",
      "tslab or deno (need not be installed), or an installed kernel; default: the notebook's",
    )
    .addHelpText("after", DETAILS)
    .action((path: string, options: { kernel?: string }) =>
      withInterrupt((signal) => check(path, options.kernel, signal)),
    );
}

async function check(path: string, kernelGiven: string | undefined, signal: AbortSignal): Promise<void> {
  const notebook = readNotebook(path);
  clearRecord(notebook);
  if (!notebook.cells.some(({ outputs = [] }) => outputs.length > 0)) {
    throw new RunError(`${path}: none of its cells shows anything to compare with: execute it first`);
  }
  const kernel = kernelGiven ?? notebook.metadata.kernelspec?.name ?? KERNEL_NAMES.tslab;
  const progress = notebookProgress(notebook);
  const { notebook: executed, failure } = await executeNotebook(
    notebook,
    dirname(resolve(path)),
    kernel,
    signal,
    progress.onCell,
  ).finally(progress.stop);
  const { difference, nCells, nBySize } = compareOutputs(notebook, executed, failure?.cell);
  if (difference !== null) {
    throw new RunError(`${path}: cell ${difference.cell} shows something else: ${difference.message}`);
  }
  if (failure !== null) throw new RunError(`${path}: cell ${failure.cell} failed: ${failure.message}`);
  const bySize = nBySize === 0 ? "" : `; ${nBySize} of their pictures and videos by size or kind only`;
  process.stdout.write(`${path}: ${plural(nCells, "code cell")} compared, all show the same${bySize}\n`);
}
