import { Command, Option } from "commander";
import { RunError, UsageError } from "../errors.js";
import { PACKAGE_ROOT } from "../files/package-root.js";
import { jupyterDataDir } from "../jupyter/data-dir.js";
import { knownDataDirs, sysPrefixDataDir } from "../jupyter/data-dirs.js";
import { findDeno } from "../jupyter/find-deno.js";
import { findTslab, installTslab, removeTslab } from "../jupyter/find-tslab.js";
import { kernelState } from "../jupyter/kernel-state.js";
import {
  checkKernelName,
  FLAVOURS,
  type Flavour,
  type InstalledKernel,
  installKernelspec,
  KERNEL_NAMES,
  type Kernelspec,
  listKernels,
  makeKernelspec,
  uninstallKernelspec,
} from "../jupyter/kernelspec.js";

const INSTALL_HELP = `
Two programs can run the cells: tslab, which checks types, on Node; or Deno. tslab is installed for this if
it is not there yet (npm, 90 MB, in Jupyter's data folder); Deno is the npm package deno or the one on the path.
No Python is needed, and nothing is written beside your notebooks.`;

const SYS_PREFIX_HELP = "for the Python that Jupyter runs on only, e.g. of a virtual environment";

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
    .option("--sys-prefix", SYS_PREFIX_HELP)
    .addHelpText("after", INSTALL_HELP)
    .action((options: InstallOptions) => {
      if (/[\\/]_npx[\\/]/.test(PACKAGE_ROOT)) {
        throw new UsageError(
          "npx's own copy may vanish: npm install fedkmeans, then npx fedkmeans kernel install",
        );
      }
      const dataDir = dataDirOf(options);
      const name = options.name ?? KERNEL_NAMES[options.kernel];
      // Before a program is installed for it.
      checkKernelName(dataDir, name, knownDataDirs());
      const before = listKernels(dataDir).find((kernel) => kernel.name === name);
      const program = findProgram(options.kernel, dataDir);
      const spec = makeKernelspec(options.kernel, program, options.displayName);
      const directory = installKernelspec(dataDir, name, spec);
      process.stdout.write(`${spec.display_name}: ${directory}\n`);
      if (before !== undefined) process.stdout.write(replacedLine(before, spec));
      process.stdout.write("Choose it in Jupyter's menu of kernels.\n");
    });
}

interface InstallOptions {
  kernel: Flavour;
  name?: string;
  displayName?: string;
  sysPrefix?: true;
}

/** Says what a kernel took the place of; nothing if that was the same. */
function replacedLine(before: InstalledKernel, spec: Kernelspec): string {
  const { folder, version } = kernelState(before);
  const { kernel } = before.spec.metadata.fedkmeans;
  const isSame = folder === PACKAGE_ROOT && kernel === spec.metadata.fedkmeans.kernel;
  if (isSame) return "";
  const hint = folder === PACKAGE_ROOT ? "" : `; with --name both can be installed`;
  return `It replaces the one of ${folder} (${kernel}, fedkmeans ${version})${hint}.\n`;
}

function listCommand(): Command {
  return new Command("list")
    .description(
      "Name the kernels that kernel install wrote: program, version, whether it can start, folder.",
    )
    .action(() => {
      const kernels = [...new Set(knownDataDirs())].flatMap(listKernels);
      if (kernels.length === 0) process.stdout.write("none; fedkmeans kernel install writes one\n");
      const rows = kernels.map((kernel) => {
        const { folder, version, missing } = kernelState(kernel);
        const state = missing === null ? "works" : `broken: no ${missing}`;
        return [kernel.name, kernel.spec.metadata.fedkmeans.kernel, version, folder, state, kernel.directory];
      });
      const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...rows.map((row) => row[i].length)));
      for (const row of rows) {
        process.stdout.write(`${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join("  ")}\n`);
      }
    });
}

function uninstallCommand(): Command {
  return new Command("uninstall")
    .description("Remove a kernel that kernel install wrote; with the last tslab kernel, tslab.")
    .argument("[name]", "name of the kernel", KERNEL_NAMES.tslab)
    .option("--sys-prefix", SYS_PREFIX_HELP)
    .action((name: string, options: { sysPrefix?: true }) => {
      const dataDir = dataDirOf(options);
      process.stdout.write(`removed ${uninstallKernelspec(dataDir, name)}\n`);
      const isTslab = listKernels(dataDir).some(({ spec }) => spec.metadata.fedkmeans.kernel === "tslab");
      if (!isTslab) removeTslab(dataDir);
    });
}

function dataDirOf({ sysPrefix }: { sysPrefix?: true }): string {
  return sysPrefix ? sysPrefixDataDir() : jupyterDataDir();
}

function findProgram(flavour: Flavour, dataDir: string): string {
  if (flavour === "deno") {
    const deno = findDeno();
    if (deno === null) throw new RunError("Deno is not installed: npm install deno; or use --kernel tslab");
    return deno;
  }
  const tslab = findTslab(dataDir);
  if (tslab !== null) return tslab;
  process.stderr.write("Installing tslab (npm install) ...\n");
  return installTslab(dataDir);
}
