import { createReadStream, createWriteStream } from "node:fs";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";

/**
 * Standard input and output as they are: binary, and not by way of the main thread, which prints what a command says.
 */
export function standardPipes(): { input: Readable; output: Writable } {
  return {
    input: pipeOr(0, () => createReadStream("", { fd: 0, autoClose: false })),
    output: pipeOr(1, () => createWriteStream("", { fd: 1, autoClose: false })),
  };
}

/** A socket waits for a pipe without a thread that nobody could end; it takes no file, such as /dev/null. */
function pipeOr<T>(fd: 0 | 1, file: () => T): Socket | T {
  try {
    return new Socket({ fd, readable: fd === 0, writable: fd === 1 });
  } catch {
    return file();
  }
}
