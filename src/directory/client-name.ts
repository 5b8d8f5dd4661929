import { RunError } from "../errors.js";

/** Leaves room for a prefix and an extension within the 255 bytes of most file systems. */
const MAX_ID_BYTES = 200;

/**
 * The part of a file name that stands for a client: every byte outside letters, digits, `.`, `_`, `-` and space
 * percent-encoded, a leading dot too, and the `_` of a last `_weights`, with which the name of another client's file of
 * weights ends. Never empty, differs for different names; decodeURIComponent undoes it.
 *
 * @param name the client's name, any text
 * @throws RunError if the name is empty, or too long for a file name
 */
export function clientFileId(name: string): string {
  if (name === "") throw new RunError("a client's name is empty; give every client a name");
  const id = name.replace(/^\.|_(?=weights$)|[^\p{L}\p{N}._ -]/giu, percentEncode);
  const length = Buffer.byteLength(id);
  if (length > MAX_ID_BYTES) {
    throw new RunError(
      `client "${name.slice(0, 40)}...": its name takes ${length} bytes in a file name, at most ${MAX_ID_BYTES} fit; shorten it`,
    );
  }
  return id;
}

/** The name that `clientFileId` made a part of a file name of; of another program's, that part itself. */
export function clientOfFileId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** Whether files can be named after it. */
export function isClientName(value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    clientFileId(value);
    return true;
  } catch {
    return false;
  }
}

function percentEncode(character: string): string {
  return Array.from(
    Buffer.from(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}
