import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import {
  COUNT,
  listOf,
  OBJECT,
  optional,
  readJsonObject,
  required,
  TEXT,
} from "../../../directory/json-object.js";
import { messageOf, RunError } from "../../../errors.js";

/** A sweep as its folder holds it. */
export interface SweepFacts {
  readonly name: string;
  /** Names of the settings that were varied, as files write them. */
  readonly keys: readonly string[];
  readonly cells: readonly Cell[];
  /** A row a run, by the names of the file's columns. */
  readonly runs: readonly Readonly<Record<string, string>>[];
  readonly notes: readonly string[];
}

/** One combination of settings. */
export interface Cell {
  readonly values: readonly string[];
  readonly nCompleted: number;
  readonly nFailed: number;
  /** What the first of those that failed said. */
  readonly error: string | null;
}

/** Whether a folder is of a sweep. */
export function isSweep(folder: string): boolean {
  return existsSync(join(folder, "sweep.json")) && existsSync(join(folder, "sweep.csv"));
}

/** @throws RunError if a file is missing or not as it should be */
export function readSweep(folder: string): SweepFacts {
  const document = readJsonObject(join(folder, "sweep.json"));
  const summary = required(document, "summary", listOf(OBJECT));
  const runs = readRuns(join(folder, "sweep.csv"));
  return {
    name: basename(resolve(folder)),
    keys: required(document, "grid", listOf(TEXT)),
    cells: summary.map((cell) => ({
      values: Object.values(required(cell, "keys", OBJECT).values).map((value) => String(value ?? "")),
      nCompleted: required(cell, "n_completed", COUNT),
      nFailed: required(cell, "n_failed", COUNT),
      error: optional(cell, "error", TEXT),
    })),
    runs,
    notes: [...new Set(summary.flatMap((cell) => optional(cell, "notes", listOf(TEXT)) ?? []))],
  };
}

function readRuns(path: string): Record<string, string>[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new RunError(`${path}: cannot be read: ${messageOf(error)}`);
  }
  const [header, ...lines] = linesOf(text);
  if (header === undefined || lines.some((line) => line.length !== header.length)) {
    throw new RunError(`${path}: as many cells in each line as the first has expected`);
  }
  return lines.map((line) => Object.fromEntries(header.map((name, column) => [name, line[column]])));
}

/** Cells of comma-separated values as a sweep writes them: quoted where need be (RFC 4180). */
function linesOf(text: string): string[][] {
  const lines: string[][] = [[]];
  for (const [, cell, end] of text.matchAll(/("(?:[^"]|"")*"|[^,\n]*)(,|\n|$)/g)) {
    lines.at(-1)!.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === "\n") lines.push([]);
    if (end === "") break;
  }
  return lines.filter((line) => line.length > 1 || line[0] !== "");
}
