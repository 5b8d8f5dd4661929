import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { messageOf, RunError } from "../errors.js";
import { makeFolder } from "../files/make-folder.js";
import { PACKAGE_ROOT } from "../files/package-root.js";
import { jupyterDataDir } from "./data-dir.js";

/*
 * tslab is a program, not a library: nothing imports it, it takes 90 MB, and its own TypeScript 5.0 would provide the
 * command `tsc` in every project that depends on it. So it is no dependency, and is installed in a folder of its own.
 */

const TSLAB = "tslab@1.0.22";

/**
 * Finds the npm package tslab: where the user stands, beside this package, or where `installTslab` put it.
 *
 * @param dataDir Jupyter's data folder
 * @returns its folder; null if it is in none of these
 */
export function findTslab(dataDir: string = jupyterDataDir()): string | null {
  for (const folder of [process.cwd(), PACKAGE_ROOT, tslabFolder(dataDir)]) {
    try {
      return dirname(createRequire(join(folder, "from.js")).resolve("tslab/package.json"));
    } catch {
      // Not there.
    }
  }
  return null;
}

/**
 * Installs tslab with npm, in a folder of Jupyter's data folder.
 *
 * @param dataDir Jupyter's data folder
 * @returns its folder
 * @throws RunError if npm fails; what it had begun is removed
 */
export function installTslab(dataDir: string = jupyterDataDir()): string {
  const folder = tslabFolder(dataDir);
  const isNew = !existsSync(folder);
  try {
    makeFolder(folder);
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const { status, stderr, error } = spawnSync(
      process.platform === "win32" ? "npm.cmd" : "npm",
      ["install", "--no-audit", "--no-fund", "--loglevel=error", TSLAB],
      { cwd: folder, encoding: "utf8", shell: process.platform === "win32" },
    );
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(stderr.trim() || `npm ended with ${status}`);
  } catch (error) {
    if (isNew) rmSync(folder, { recursive: true, force: true });
    throw new RunError(`cannot install ${TSLAB} (offline, use --kernel deno): ${messageOf(error)}`);
  }
  return findTslab(dataDir)!;
}

/** Removes what `installTslab` installed. */
export function removeTslab(dataDir: string = jupyterDataDir()): void {
  rmSync(tslabFolder(dataDir), { recursive: true, force: true });
}

function tslabFolder(dataDir: string): string {
  return join(dataDir, "fedkmeans", TSLAB);
}
