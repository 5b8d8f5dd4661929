import { snakeCase } from "./casing.js";
import { printable } from "./printable.js";

/** Wrong usage: an option, a configuration key or a value the caller must change. The CLI exits with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A run that cannot go on: data, files or clients that are not what they should be. The CLI exits with 1. */
export class RunError extends Error {
  override readonly name = "RunError";
}

/** A no-break space, so that no path and no cell's text that is part of an error is taken for a setting's name. */
const SETTING = "the setting\u00a0";

/**
 * How an error names a setting below the edge, where nobody knows whether a cell or a command line gave it.
 *
 * @param name as a cell gives it, e.g. "minClients"
 */
export function theSetting(name: string): string {
  return `${SETTING}${name}`;
}

/**
 * Puts the names that the edge has for settings in the places of `theSetting`'s.
 *
 * @param text of an error, or of several
 * @param nameOf what to call a setting, e.g. "--min-clients" for "minClients"
 */
export function nameSettings(text: string, nameOf: (name: string) => string): string {
  return text.replaceAll(new RegExp(`${SETTING}(\\w+)`, "g"), (_, name: string) => nameOf(name));
}

/** Names settings as the JSON files of a run do, e.g. "min_clients": in what is written to a file. */
export function nameSettingsInFile(text: string): string {
  return nameSettings(text, snakeCase);
}

/** Names settings as a program does, e.g. "minClients": in what a program is given. */
export function nameSettingsInProgram<T>(value: T): T {
  return nameSettingsIn(value, (name) => name);
}

/**
 * `nameSettings` in every text of plain data.
 *
 * @param value texts, numbers and the like, and arrays and objects of such; others are left as they are
 */
function nameSettingsIn<T>(value: T, nameOf: (name: string) => string): T {
  if (typeof value === "string") return nameSettings(value, nameOf) as T;
  if (Array.isArray(value)) return value.map((one) => nameSettingsIn(one, nameOf)) as T;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, nameSettingsIn(one, nameOf)]),
  ) as T;
}

/**
 * One line that says what went wrong, for logs and for messages between threads.
 *
 * @param error anything that was thrown
 */
export function messageOf(error: unknown): string {
  const { message } = (typeof error === "object" && error !== null ? error : {}) as { message?: unknown };
  const text = typeof error === "string" ? error : message;
  if (typeof text !== "string") return "an error that does not say what it is";
  return printable(text.replaceAll(/\s*\n\s*/g, " "));
}
