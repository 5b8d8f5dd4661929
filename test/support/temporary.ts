import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A new folder that is removed when the test ends. */
export function temporaryFolder(test: TestContext): string {
  return removedAfter((remove) => test.after(remove));
}

/** A new folder that several tests share. */
export function removedAfter(after: (remove: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), "fedkmeans-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
