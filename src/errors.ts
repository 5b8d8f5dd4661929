import { printable } from "./printable.js";

/** Wrong usage: an option, a configuration key or a value the caller must change. The CLI exits with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A run that cannot go on: data, files or clients that are not what they should be. The CLI exits with 1. */
export class RunError extends Error {
  override readonly name = "RunError";
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
