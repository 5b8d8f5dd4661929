import { appendFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { layoutOf } from "../directory/layout.js";
import { unlockDirectory } from "../directory/lock.js";
import { writeFileAtomically } from "../files/atomic-write.js";
import type { Unfinished } from "./command-protocol.js";

/** Has the main thread put a run's directory in order, should the command be ended. */
export function tellRun(directory: string): void {
  parentPort?.postMessage({ type: "unfinished", path: directory, what: "run" } satisfies Unfinished);
}

/** Has the main thread sweep a folder of files that are written whole, should the command be ended. */
export function tellFolder(folder: string): void {
  parentPort?.postMessage({ type: "unfinished", path: folder, what: "folder" } satisfies Unfinished);
}

/** Removes what this process was writing, and marks a run that was going on as aborted. */
export function putInOrder({ path, what }: Unfinished): void {
  try {
    for (const file of readdirSync(path, { recursive: what === "run", encoding: "utf8" })) {
      if (file.endsWith(`.${process.pid}.tmp`)) rmSync(join(path, file), { recursive: true, force: true });
    }
    if (what === "run") {
      markInterrupted(path);
      unlockDirectory(path);
    }
  } catch {
    // It was not there yet, or is gone, or cannot be written: then there is nothing to put in order.
  }
}

function markInterrupted(directory: string): void {
  const { summary: file, serverLog } = layoutOf(directory);
  const summary = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  if (summary.status !== "running") return;
  const finished = new Date().toISOString();
  appendFileSync(serverLog, `${finished} aborted: interrupted\n`);
  const aborted = { ...summary, status: "aborted", reason: "interrupted", finished, results: null };
  writeFileAtomically(file, `${JSON.stringify(aborted, null, 2)}\n`);
}
