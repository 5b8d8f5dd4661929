import { cpSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { UsageError } from "../errors.js";
import { cannotWrite } from "../files/atomic-write.js";
import { temporaryName } from "../files/leftovers.js";
import { makeFolder } from "../files/make-folder.js";
import { PACKAGE_ROOT } from "../files/package-root.js";
import { tellFolder } from "./leftovers.js";

export function appCommand(): Command {
  return new Command("app")
    .description("Copy the Flower app to where runs are started by flwr run; nodes do without.")
    .argument("<DIR>", "a new folder")
    .action((folder: string) => {
      try {
        checkIsFree(folder);
        copyApp(resolve(folder));
      } catch (error) {
        throw error instanceof UsageError ? error : cannotWrite(folder, error);
      }
      process.stdout.write(`${folder}: settings are in pyproject.toml; flwr run ${folder} starts a run\n`);
    });
}

function checkIsFree(folder: string): void {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined || (stats.isDirectory() && readdirSync(folder).length === 0)) return;
  const found = stats.isDirectory() ? "files in it" : "a file";
  throw new UsageError(`${folder}: a new or an empty folder expected, found ${found}`);
}

function copyApp(folder: string): void {
  makeFolder(dirname(folder));
  tellFolder(dirname(folder));
  const partial = temporaryName(folder);
  try {
    // pip leaves compiled Python in an installed package.
    const filter = (path: string) => basename(path) !== "__pycache__";
    cpSync(join(PACKAGE_ROOT, "flower"), partial, { recursive: true, filter });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
