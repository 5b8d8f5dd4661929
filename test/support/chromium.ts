import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findChromium as findInstalled } from "#src/files/find-chromium.js";

/** The browser that prints reports, which tests drive too; null where there is none. */
export function findChromium(): string | null {
  try {
    return findInstalled();
  } catch {
    return null;
  }
}

/** Milliseconds of the page's own clock that it may take. */
const PATIENCE = 600_000;

/** What the page at a path holds once its scripts have come to rest. */
export async function pageAfterScripts(chromium: string, path: string, profile: string): Promise<string> {
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
  const { stdout } = await promisify(execFile)(
    chromium,
    [
      ...flags,
      `--user-data-dir=${profile}`,
      `--virtual-time-budget=${PATIENCE}`,
      "--dump-dom",
      `file://${path}`,
    ],
    { maxBuffer: 2 ** 26, timeout: 300_000 },
  );
  return stdout;
}
