import { basename, dirname, resolve } from "node:path";
import { Command, Option } from "commander";
import { messageOf, RunError, UsageError } from "../errors.js";
import { writeFileAtomically } from "../files/atomic-write.js";
import { withInterrupt } from "../files/interrupt.js";
import { executeNotebook, exportNotebook } from "../jupyter/execute-notebook.js";
import { KERNEL_NAMES } from "../jupyter/kernelspec.js";
import { injectParameters, type Parameter, readNotebook } from "../jupyter/notebook-file.js";

const EXAMPLES = `
Examples:
  fedkmeans notebook run notebooks/01-quickstart.ipynb --output quickstart.ipynb
  fedkmeans notebook run study.ipynb -p kGlobal 5 -p data data/ward-7 --to html --output ward-7.html

Parameters are variables that the cell tagged "parameters" declares; a cell with their values is put after it.
A value is JSON where it reads as JSON (5, true, [1, 2]), else text. If a cell fails, what was executed so far
is written, and the exit code is 1.`;

export function notebookCommand(): Command {
  return new Command("notebook").description("Jupyter notebooks without a browser.").addCommand(runCommand());
}

function runCommand(): Command {
  return new Command("run")
    .description("Execute a notebook with Jupyter, in its own folder.")
    .argument("<NB.ipynb>", "the notebook; it is not changed unless --output names it")
    .requiredOption("--output <FILE>", "where the executed notebook goes")
    .option("-p, --parameter <NAME VALUE...>", "a parameter's value; may be repeated")
    .option(
      "--kernel <NAME>",
      "tslab or deno (need not be installed), or an installed kernel; default: the notebook's",
    )
    .addOption(
      new Option("--to <FORMAT>", "notebook, html, markdown, or another of nbconvert's").default("notebook"),
    )
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: { output: string; parameter?: string[]; kernel?: string; to: string }) =>
      withInterrupt(async (signal) => {
        const notebook = readNotebook(path);
        injectParameters(notebook, pairs(options.parameter ?? []), basename(path));
        const kernel = options.kernel ?? notebook.metadata.kernelspec?.name ?? KERNEL_NAMES.tslab;
        const { notebook: executed, failure } = await executeNotebook(
          notebook,
          dirname(resolve(path)),
          kernel,
          signal,
        );
        const output =
          options.to === "notebook"
            ? `${JSON.stringify(executed, null, 1)}\n`
            : await exportNotebook(executed, options.to, signal);
        try {
          writeFileAtomically(options.output, output);
        } catch (error) {
          throw new RunError(`${options.output}: cannot be written: ${messageOf(error)}`);
        }
        if (failure !== null) throw new RunError(`${path}: cell ${failure.cell} failed: ${failure.message}`);
        process.stdout.write(`${options.output}\n`);
      }),
    );
}

function pairs(values: readonly string[]): Parameter[] {
  if (values.length % 2 !== 0) {
    throw new UsageError(`-p takes a name and a value, found only "${values.at(-1)}"`);
  }
  return Array.from({ length: values.length / 2 }, (_, i): Parameter => [values[2 * i], values[2 * i + 1]]);
}
