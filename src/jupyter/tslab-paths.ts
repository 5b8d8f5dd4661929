import { type Dirent, readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { CompleteReply, CompleteRequest, Handler } from "./tslab-modules.js";

/** Has the Tab key complete paths of files and folders in a string for which the compiler knows no values. */
export function completePaths(handler: Handler): void {
  const complete = handler.handleComplete;
  handler.handleComplete = function (request) {
    const reply = complete.call(this, request);
    return reply.matches.length > 0 ? reply : (pathsFor(request) ?? reply);
  };
}

/** Null where the cursor is not in a string, or the folder that was typed cannot be read. */
function pathsFor({ code, cursor_pos: end }: CompleteRequest): CompleteReply | null {
  const line = code.slice(code.lastIndexOf("\n", end - 1) + 1, end);
  const path = openString(line);
  if (path === null) return null;
  const begun = path.slice(path.lastIndexOf("/") + 1);
  let entries: Dirent[];
  try {
    entries = readdirSync(resolve(path.slice(0, path.length - begun.length)), { withFileTypes: true });
  } catch {
    return null;
  }
  const matches = entries
    // Hidden ones only for who asks for them.
    .filter(({ name }) => name.startsWith(begun) && (begun !== "" || !name.startsWith(".")))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort();
  return { status: "ok", matches, cursor_start: end - begun.length, cursor_end: end, metadata: {} };
}

/** What a line has written of a string that it does not end; null where it is in none. */
function openString(line: string): string | null {
  let quote: string | null = null;
  let start = 0;
  for (let i = 0; i < line.length; i++) {
    if (quote !== null && line[i] === "\\") i++;
    else if (line[i] === quote) quote = null;
    else if (quote === null && /["'`]/.test(line[i])) {
      quote = line[i];
      start = i + 1;
    }
  }
  return quote === null ? null : line.slice(start);
}
