import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { InstalledKernel } from "./kernelspec.js";

/** What an installed kernel starts. */
export interface KernelState {
  /** The installation of fedkmeans whose kernel it is. */
  folder: string;
  /** The version that installed it. */
  version: string;
  /** The first file that it needs and that is gone; null if the kernel can be started. */
  missing: string | null;
}

/** Says whose a kernel is, and whether what it starts is still there. */
export function kernelState({ spec }: InstalledKernel): KernelState {
  const [node, launcher, program] = spec.argv;
  return {
    // The launcher is dist/jupyter/NAME-launcher.js.
    folder: dirname(dirname(dirname(launcher))),
    version: spec.metadata.fedkmeans.version,
    missing: [node, launcher, program].find((path) => !existsSync(path)) ?? null,
  };
}
