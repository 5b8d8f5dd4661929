import { createHash } from "node:crypto";
import { lstatSync, readFileSync, statSync } from "node:fs";
import { messageOf, RunError } from "../../errors.js";
import { writeFileDurably } from "../../files/durable-write.js";
import { checkRegularFile } from "../../files/regular-file.js";

/* Files of a state folder: a line that says what the file is and what its body hashes to, and the body, as JSON. */

/** What files of a kind are told by. */
export interface Seal {
  /** In the first line. */
  readonly what: string;
  readonly format: number;
  /** What a file that is none of these is said to lack. */
  readonly noun: string;
  /** Why one that is torn or was changed is not made up for. */
  readonly torn: string;
}

/** As many as some three million rows take. */
const MOST_BYTES = 2 ** 28;
/** Characters of a body at most. */
export const LONGEST_BODY: number = MOST_BYTES / 2;

/**
 * @param sha256 of the body that is looked for; null: any that is whole
 * @returns what was written; null where there is no file
 * @throws RunError naming the file, if it is none of its kind, one of another version, or not as it was written
 */
export function readSealed(path: string, seal: Seal, sha256: string | null = null): unknown {
  const text = readText(path);
  if (text === null) return null;
  const [first, body = ""] = text.split("\n", 2);
  const header = parsed(first) as { what?: unknown; format?: unknown; sha256?: unknown } | null;
  if (header?.what !== seal.what) throw new RunError(`${path}: no ${seal.noun}`);
  if (header.format !== seal.format) {
    throw new RunError(`${path}: written by another version of fedkmeans: format ${seal.format} expected`);
  }
  const found = sha256Of(body);
  if (header.sha256 !== found || !text.endsWith(`${body}\n`) || (sha256 ?? found) !== found) {
    throw new RunError(`${path}: not as it was written: torn or changed. ${seal.torn}`);
  }
  return parsed(body);
}

/**
 * Replaces a file; it is on the disk when this returns.
 *
 * @returns SHA-256 of its body, hexadecimal
 * @throws RunError naming the file, if it cannot be written or would be too large to be read
 */
export function writeSealed(path: string, { what, format, noun }: Seal, value: unknown): string {
  const body = JSON.stringify(value);
  const sha256 = sha256Of(body);
  if (body.length > LONGEST_BODY)
    throw new RunError(`${path}: too large for a ${noun}: ${body.length} bytes`);
  writeFileDurably(path, `${JSON.stringify({ what, format, sha256 })}\n${body}\n`);
  return sha256;
}

function readText(path: string): string | null {
  try {
    checkRegularFile(path);
    // A new state takes the name of the link: what it led to, and other links to it, would not know of it.
    if (lstatSync(path).isSymbolicLink()) throw new Error("a link to a file, where the file itself must be");
    if (statSync(path).size > MOST_BYTES) throw new Error(`more than ${MOST_BYTES} bytes`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new RunError(`${path}: cannot be read: ${messageOf(error)}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
