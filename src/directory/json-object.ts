import { lstatSync, readFileSync } from "node:fs";
import { messageOf, RunError } from "../errors.js";
import { SCHEMA_VERSION } from "./layout.js";

/** An object of a JSON file that anyone may have written: nothing in it is sure. */
export interface JsonObject {
  /** The file, and where in it, as an error says it: `PATH: results`. */
  readonly source: string;
  readonly values: Readonly<Record<string, unknown>>;
  /**
   * Whether the file is of this package's layout, and so must be as that says. What another program wrote has no
   * version: there, what is not as expected is unknown.
   */
  readonly isOurs: boolean;
}

/** What a field may hold, and how an error says it. */
export interface Kind<T> {
  readonly expected: string;
  /** @returns undefined if the value is of another kind; throws RunError if something in it is */
  read(value: unknown, source: string, isOurs: boolean): T | undefined;
}

/** A manifest of a million files has some 200 MB. */
const MAX_JSON_BYTES = 2 ** 28;
/** Deeper than anything an experiment directory holds. */
const MAX_DEPTH = 64;

/**
 * Reads a JSON file of an experiment directory.
 *
 * @throws RunError naming the file if it is missing, no plain file, no JSON object, or of another schema version
 */
export function readJsonObject(path: string): JsonObject {
  return jsonObjectOf(readText(path), path);
}

/**
 * The same of a text.
 *
 * @param source what to call it in errors
 */
export function jsonObjectOf(text: string, source: string): JsonObject {
  const value = parse(text, source);
  if (!isObject(value)) throw new RunError(`${source}: a JSON object expected, found ${shownJson(value)}`);
  const version = value.schema_version;
  if (version !== undefined && version !== SCHEMA_VERSION) {
    throw new RunError(
      `${source}: schema_version ${SCHEMA_VERSION} expected, found ${shownJson(version)}: it was written by another ` +
        "version of fedkmeans",
    );
  }
  return { source, values: value, isOurs: version !== undefined };
}

/**
 * @returns null where the field is missing or null, and, in a file that is not ours, where it is of another kind
 * @throws RunError naming file and field, what was expected and what was found
 */
export function optional<T>(object: JsonObject, name: string, kind: Kind<T>): T | null {
  const value = Object.hasOwn(object.values, name) ? object.values[name] : null;
  if (value === null) return null;
  const read = kind.read(value, `${object.source}: ${name}`, object.isOurs);
  if (read !== undefined) return read;
  if (object.isOurs) throw unexpected(`${object.source}: ${name}`, kind, value);
  return null;
}

/** @throws as `optional`, and if the field is missing, null or, whoever wrote the file, of another kind */
export function required<T>(object: JsonObject, name: string, kind: Kind<T>): T {
  const value = optional(object, name, kind);
  if (value !== null) return value;
  throw unexpected(`${object.source}: ${name}`, kind, object.values[name]);
}

/** @throws RunError if the count of a file that must have it is another than what is there */
export function checkCount(object: JsonObject, name: string, expected: number): void {
  const found = required(object, name, COUNT);
  if (found !== expected) {
    throw new RunError(`${object.source}: ${name}: ${expected} expected, found ${found}`);
  }
}

function unexpected(source: string, { expected }: Kind<unknown>, value: unknown): RunError {
  return new RunError(
    `${source}: ${expected} expected, found ${value === undefined ? "nothing" : shownJson(value)}`,
  );
}

/** Any text. */
export const TEXT: Kind<string> = {
  expected: "text",
  read: (value) => (typeof value === "string" ? value : undefined),
};
/** True or false. */
export const FLAG: Kind<boolean> = {
  expected: "true or false",
  read: (value) => (typeof value === "boolean" ? value : undefined),
};
/** A finite number. */
export const NUMBER: Kind<number> = {
  expected: "a number",
  read: (value) => (typeof value === "number" && Number.isFinite(value) ? value : undefined),
};
export const COUNT: Kind<number> = {
  expected: "an integer of at least 0",
  read: (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined),
};
export const SHA256: Kind<string> = {
  expected: "64 hexadecimal digits",
  read: (value) => (typeof value === "string" && /^[0-9a-f]{64}$/.test(value) ? value : undefined),
};
export const OBJECT: Kind<JsonObject> = {
  expected: "an object",
  read: (value, source, isOurs) => (isObject(value) ? { source, values: value, isOurs } : undefined),
};

/** One of some words. */
export function oneOf<T extends string>(...words: readonly T[]): Kind<T> {
  return { expected: words.join(" or "), read: (value) => words.find((word) => word === value) };
}

/** A list of values of one kind; in a file that is not ours, those of another kind are left out. */
export function listOf<T>(kind: Kind<T>): Kind<T[]> {
  return {
    expected: "a list",
    read(value, source, isOurs) {
      if (!Array.isArray(value)) return undefined;
      return value.flatMap((entry, i) => {
        const read = kind.read(entry, `${source}[${i}]`, isOurs);
        if (read === undefined && isOurs) throw unexpected(`${source}[${i}]`, kind, entry);
        return read === undefined ? [] : [read];
      });
    },
  };
}

/** A value of a kind, or null. */
export function orNull<T>(kind: Kind<T>): Kind<T | null> {
  return {
    expected: `${kind.expected} or null`,
    read: (value, source, isOurs) => (value === null ? null : kind.read(value, source, isOurs)),
  };
}

/**
 * Reads a plain file of a directory.
 *
 * @throws RunError naming it if it is missing, larger than `maxBytes`, or a link, pipe, device or folder
 */
export function readPlainFile(path: string, maxBytes: number): Buffer {
  try {
    const stats = lstatSync(path);
    if (!stats.isFile()) throw new RunError("a plain file expected, found a link, folder, pipe or device");
    if (stats.size > maxBytes) {
      throw new RunError(`at most ${maxBytes} bytes expected, found ${stats.size}`);
    }
    return readFileSync(path);
  } catch (error) {
    const isMissing = ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
    throw new RunError(`${path}: ${isMissing ? "no such file" : messageOf(error)}`);
  }
}

function readText(path: string): string {
  return readPlainFile(path, MAX_JSON_BYTES).toString("utf8");
}

/** JSON, and what Python writes beside it: NaN and infinities are unknown. */
function parse(text: string, source: string): unknown {
  if (depthOf(text) > MAX_DEPTH) {
    throw new RunError(`${source}: JSON of at most ${MAX_DEPTH} levels expected, found more`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    try {
      return JSON.parse(
        text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
          found.startsWith('"') ? found : "null",
        ),
      );
    } catch {
      throw new RunError(`${source}: no JSON: ${messageOf(error)}`);
    }
  }
}

/** Brackets open at a time, at most: to parse JSON of millions of levels takes gigabytes. */
function depthOf(text: string): number {
  let deepest = 0;
  let depth = 0;
  let isText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isText) {
      if (code === 0x5c) i++;
      else if (code === 0x22) isText = false;
    } else if (code === 0x22) isText = true;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  return deepest;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value in few characters, however large or deep it is. */
export function shownJson(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
