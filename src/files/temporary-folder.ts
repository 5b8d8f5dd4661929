import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sweepLeftovers, temporaryName } from "./leftovers.js";

/**
 * Does work that needs a folder of its own, which nobody else may look into and which is gone afterwards, whatever comes
 * of the work. What processes that were killed left of the same name is removed, too.
 *
 * @param name how the folder's name begins
 */
export async function inTemporaryFolder<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  sweepLeftovers(tmpdir(), `${name}.`);
  const folder = temporaryName(join(tmpdir(), `${name}.${randomUUID().slice(0, 8)}`));
  mkdirSync(folder, { mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    // Helpers of a program that was run there, such as Chromium's, may still be writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}
