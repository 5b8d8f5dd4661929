import { inspect, types } from "node:util";
import { richContent } from "./display.js";
import { NOTHING, ownContent } from "./foreign.js";
import { formsOf } from "./frontend.js";

/*
 * What a cell shows whose last line is an expression. The kernels' launchers load this file by its path, in the kernel,
 * once there is such a value that is an object.
 */

/**
 * A value's forms by media type, as `display` would show it: of results, tables, plots and the like. Of a promise, the
 * forms of what it becomes: a forgotten `await` shows what was meant.
 *
 * @returns no form where there is nothing to show; null where the kernel's own form of it is the best there is
 * @throws what the value's own method throws, or why the promise is rejected
 */
export async function formsOfValue(value: unknown): Promise<Record<string, unknown> | null> {
  if (types.isPromise(value)) {
    const become = await untilInterrupted(value);
    if (become === undefined) return {};
    return (await formsOfValue(become)) ?? { "text/plain": inspect(become) };
  }
  if (typeof value !== "object" || value === null || (Array.isArray(value) && !isTable(value))) return null;
  const content = richContent(value) ?? (await ownContent(value));
  if (content === null) return null;
  return content === NOTHING ? {} : formsOf(content);
}

/** An interrupt ends the wait: the promise may be one that never becomes anything. */
async function untilInterrupted(promise: Promise<unknown>): Promise<unknown> {
  let interrupt = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    // As tslab's kernel says it where a cell awaits.
    interrupt = () => reject(Object.assign(new Error("the cell was interrupted"), { name: "Interrupted" }));
  });
  process.on("SIGINT", interrupt);
  try {
    return await Promise.race([promise, interrupted]);
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** Rows of plain objects: an array of arrays is as often no table. */
function isTable(array: readonly unknown[]): boolean {
  return array.length > 0 && array.every(isPlainObject);
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
