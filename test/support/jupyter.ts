import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "#src/errors.js";
import { findDeno } from "#src/jupyter/find-deno.js";
import { findTslab } from "#src/jupyter/find-tslab.js";
import type { Flavour } from "#src/jupyter/kernelspec.js";
import { joinLines, type Notebook, type NotebookCell } from "#src/jupyter/notebook-file.js";
import { findPython } from "#src/jupyter/python.js";

export const ROOT: string = process.cwd();
export const CLI: string = require.resolve("#src/cli/main.js");

/** For a test's `skip`: false, or why notebooks cannot be executed with this kernel here. */
export function skipWithoutKernel(flavour: Flavour): string | false {
  try {
    findPython(["nbclient", "nbformat", "nbconvert"]);
    if ((flavour === "tslab" ? findTslab() : findDeno()) === null) return `${flavour} is not installed`;
    return false;
  } catch (error) {
    return messageOf(error);
  }
}

/** A notebook of code cells; the first may be tagged "parameters". */
export function notebookOf(sources: readonly string[], tag: string | null = null): Notebook {
  const cells = sources.map(
    (source, i): NotebookCell => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: i === 0 && tag !== null ? { tags: [tag] } : {},
      source,
      outputs: [],
      execution_count: null,
    }),
  );
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

/** What a cell printed on standard output. */
export function printed({ outputs = [] }: NotebookCell): string {
  return outputs.map(({ name, text }) => (name === "stdout" ? joinLines(text) : "")).join("");
}

/** What a cell shows as HTML (an output each). */
export function shown({ outputs = [] }: NotebookCell): string[] {
  return outputs.flatMap(({ data }) =>
    data?.["text/html"] === undefined ? [] : [joinLines(data["text/html"])],
  );
}

/** The commands of a process group, in which Jupyter starts a kernel; those that have ended are none. */
export function processesOf(group: number): string[] {
  const listed = execFileSync("ps", ["-eo", "pgid=,stat=,args="], { encoding: "utf8" }).split("\n");
  return listed.filter((line) => new RegExp(`^ *${group} +[^Z]`).test(line));
}

/** Asserts that nothing is left of a process group; what was just ended may take a moment. */
export async function assertEnded(group: number): Promise<void> {
  const late = Date.now() + 60_000;
  while (processesOf(group).length > 0 && Date.now() < late) await sleep(20);
  assert.deepEqual(processesOf(group), []);
}
