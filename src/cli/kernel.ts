import { Command, Option } from "commander";
import { RunError, UsageError } from "../errors.js";
import { PACKAGE_ROOT } from "../files/package-root.js";
import { jupyterDataDir } from "../jupyter/data-dir.js";
import { findDeno } from "../jupyter/find-deno.js";
import { findTslab, installTslab, removeTslab } from "../jupyter/find-tslab.js";
import {
  checkKernelName,
  FLAVOURS,
  type Flavour,
  installKernelspec,
  KERNEL_NAMES,
  listKernels,
  makeKernelspec,
  uninstallKernelspec,
} from "../jupyter/kernelspec.js";

const INSTALL_HELP = `
Two programs can run the cells: tslab, which checks types, on Node; or Deno. tslab is installed for this if
it is not there yet (npm, 90 MB, in Jupyter's data folder); Deno is the npm package deno or the one on the path.
No Python is needed, and nothing is written beside your notebooks.`;

export function kernelCommand(): Command {
  return new Command("kernel")
    .description('Jupyter kernels under which import * as fk from "fedkmeans" works in any folder.')
    .addCommand(installCommand())
    .addCommand(listCommand())
    .addCommand(uninstallCommand());
}

function installCommand(): Command {
  return new Command("install")
    .description("Write a kernelspec where Jupyter finds it.")
    .addOption(
      new Option("--kernel <PROGRAM>", "what runs the cells: tslab or deno")
        .choices(FLAVOURS)
        .default("tslab"),
    )
    .option(
      "--name <NAME>",
      `name of the kernel (default: ${KERNEL_NAMES.tslab}; with --kernel deno: ${KERNEL_NAMES.deno})`,
    )
    .option("--display-name <TEXT>", "what Jupyter's menu shows")
    .addHelpText("after", INSTALL_HELP)
    .action((options: { kernel: Flavour; name?: string; displayName?: string }) => {
      if (/[\\/]_npx[\\/]/.test(PACKAGE_ROOT)) {
        throw new UsageError(
          "npx's own copy may vanish: npm install fedkmeans, then npx fedkmeans kernel install",
        );
      }
      const name = options.name ?? KERNEL_NAMES[options.kernel];
      // Before a program is installed for it.
      checkKernelName(jupyterDataDir(), name);
      const spec = makeKernelspec(options.kernel, findProgram(options.kernel), options.displayName);
      const directory = installKernelspec(jupyterDataDir(), name, spec);
      process.stdout.write(`${spec.display_name}: ${directory}\nChoose it in Jupyter's menu of kernels.\n`);
    });
}

function listCommand(): Command {
  return new Command("list").description("Name the kernels that kernel install wrote.").action(() => {
    const kernels = listKernels(jupyterDataDir());
    if (kernels.length === 0) process.stdout.write("none; fedkmeans kernel install writes one\n");
    const width = Math.max(...kernels.map(({ name }) => name.length));
    for (const { name, directory, spec } of kernels) {
      process.stdout.write(
        `${name.padEnd(width)}  ${spec.metadata.fedkmeans.kernel.padEnd(5)}  ${directory}\n`,
      );
    }
  });
}

function uninstallCommand(): Command {
  return new Command("uninstall")
    .description("Remove a kernel that kernel install wrote; with the last tslab kernel, tslab.")
    .argument("[name]", "name of the kernel", KERNEL_NAMES.tslab)
    .action((name: string) => {
      const dataDir = jupyterDataDir();
      process.stdout.write(`removed ${uninstallKernelspec(dataDir, name)}\n`);
      const isTslab = listKernels(dataDir).some(({ spec }) => spec.metadata.fedkmeans.kernel === "tslab");
      if (!isTslab) removeTslab();
    });
}

function findProgram(flavour: Flavour): string {
  if (flavour === "deno") {
    const deno = findDeno();
    if (deno === null) throw new RunError("Deno is not installed: npm install deno; or use --kernel tslab");
    return deno;
  }
  const tslab = findTslab();
  if (tslab !== null) return tslab;
  process.stderr.write("Installing tslab (npm install) ...\n");
  return installTslab();
}
