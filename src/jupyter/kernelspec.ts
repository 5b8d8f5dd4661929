import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf, RunError, UsageError } from "../errors.js";
import { writeFileAtomically } from "../files/atomic-write.js";
import { makeFolder } from "../files/make-folder.js";
import { PACKAGE_ROOT, VERSION } from "../files/package-root.js";
import { readRegularText } from "../files/regular-file.js";

/** Which program runs the cells. */
export type Flavour = "tslab" | "deno";

export const FLAVOURS: readonly Flavour[] = ["tslab", "deno"];

/** Names of the kernels unless the user chooses others. */
export const KERNEL_NAMES: Readonly<Record<Flavour, string>> = {
  tslab: "fedkmeans",
  deno: "fedkmeans-deno",
};

const DISPLAY_NAMES: Readonly<Record<Flavour, string>> = {
  tslab: "TypeScript (fedkmeans)",
  deno: "TypeScript (fedkmeans, Deno)",
};

/** The contents of a kernel.json, as Jupyter defines it. */
export interface Kernelspec {
  argv: string[];
  display_name: string;
  language: "typescript";
  interrupt_mode: "signal";
  /** How `kernel list` and `kernel uninstall` tell ours from others. */
  metadata: { fedkmeans: { kernel: Flavour; version: string } };
}

export interface InstalledKernel {
  name: string;
  /** The folder that holds its kernel.json. */
  directory: string;
  spec: Kernelspec;
}

/** Three clusters; JupyterLab's launcher shows it. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><g fill-opacity=".35"><circle cx="20" cy="20" r="16" fill="#0072b2"/><circle cx="45" cy="26" r="14" fill="#e69f00"/><circle cx="27" cy="46" r="14" fill="#009e73"/></g><circle cx="20" cy="20" r="6" fill="#0072b2"/><circle cx="45" cy="26" r="6" fill="#e69f00"/><circle cx="27" cy="46" r="6" fill="#009e73"/></svg>\n`;

/**
 * Describes a kernel under which `import * as fk from "fedkmeans"` works from a notebook in any folder.
 *
 * @param program where tslab or Deno is
 */
export function makeKernelspec(
  flavour: Flavour,
  program: string,
  displayName: string = DISPLAY_NAMES[flavour],
): Kernelspec {
  const launcher = join(PACKAGE_ROOT, "dist", "jupyter", `${flavour}-launcher.js`);
  return {
    argv: [process.execPath, launcher, program, "{connection_file}"],
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "signal",
    metadata: { fedkmeans: { kernel: flavour, version: VERSION } },
  };
}

/**
 * Writes a kernelspec where Jupyter finds it.
 *
 * @param dataDir Jupyter's data folder
 * @param name of the kernel: what `jupyter kernelspec list` calls it
 * @returns the folder written
 * @throws UsageError for a name Jupyter does not allow, or one that a kernel of somebody else has
 */
export function installKernelspec(dataDir: string, name: string, spec: Kernelspec): string {
  const directory = checkKernelName(dataDir, name);
  try {
    makeFolder(directory);
    writeFileAtomically(join(directory, "logo-svg.svg"), LOGO);
    writeFileAtomically(join(directory, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  } catch (error) {
    throw new RunError(`cannot write the kernel ${directory}: ${messageOf(error)}`);
  }
  return directory;
}

/** The kernels that `installKernelspec` wrote below a data folder, by name. */
export function listKernels(dataDir: string): InstalledKernel[] {
  return namesIn(dataDir).flatMap((name) => {
    const directory = join(dataDir, "kernels", name);
    const spec = readSpec(directory);
    return spec?.metadata?.fedkmeans === undefined ? [] : [{ name, directory, spec }];
  });
}

/**
 * Removes a kernel that `installKernelspec` wrote.
 *
 * @returns the folder removed
 * @throws UsageError if there is none of that name, or if it is somebody else's
 */
export function uninstallKernelspec(dataDir: string, name: string): string {
  const kernel = listKernels(dataDir).find((kernel) => kernel.name === name);
  if (kernel === undefined) {
    const known = listKernels(dataDir).map((kernel) => kernel.name);
    const expected = known.length === 0 ? "none is installed" : `expected ${known.join(" or ")}`;
    throw new UsageError(`no kernel of fedkmeans is named "${name}" in ${dataDir}: ${expected}`);
  }
  rmSync(kernel.directory, { recursive: true });
  return kernel.directory;
}

/**
 * Checks that a kernel of ours can have a name.
 *
 * @param others data folders whose kernels must not be hidden by one of that name
 * @returns its folder
 * @throws as `installKernelspec`
 */
export function checkKernelName(dataDir: string, name: string, others: readonly string[] = []): string {
  // "." and ".." are other folders, and what begins with "-" an option of whatever takes a name.
  if (!/^[a-z0-9_][a-z0-9._-]*$/i.test(name)) {
    throw new UsageError(
      `a kernel's name must be letters, digits, ".", "_" and "-", and begin with none of "." and "-", found "${name}"`,
    );
  }
  const directory = join(dataDir, "kernels", name);
  if (isForeign(directory)) {
    throw new UsageError(`${directory} is a kernel that fedkmeans did not install: choose another name`);
  }
  const hidden = hiddenBy(
    name,
    others.filter((other) => other !== dataDir),
  );
  if (hidden !== null) {
    throw new UsageError(`the name "${name}" would hide ${hidden}: choose another name`);
  }
  return directory;
}

/** Kernels that Jupyter finds without a file. */
const BUILT_IN = ["python2", "python3"];

/** What Jupyter, for which case means nothing, would no longer find; null if nothing. */
function hiddenBy(name: string, dataDirs: readonly string[]): string | null {
  if (BUILT_IN.includes(name.toLowerCase())) return "Jupyter's own Python kernel";
  for (const dataDir of dataDirs) {
    for (const other of namesIn(dataDir)) {
      const directory = join(dataDir, "kernels", other);
      if (other.toLowerCase() === name.toLowerCase() && isForeign(directory))
        return `the kernel ${directory}`;
    }
  }
  return null;
}

function namesIn(dataDir: string): string[] {
  try {
    return readdirSync(join(dataDir, "kernels")).sort();
  } catch {
    return [];
  }
}

function isForeign(directory: string): boolean {
  const spec = readSpec(directory);
  return spec !== null && spec.metadata?.fedkmeans === undefined;
}

function readSpec(directory: string): Kernelspec | null {
  try {
    return JSON.parse(readRegularText(join(directory, "kernel.json"))) as Kernelspec;
  } catch {
    return null;
  }
}
