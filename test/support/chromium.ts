import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A Chromium of this machine: of its packages, or of Playwright's; null where there is none. */
export function findChromium(): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const cache = join(homedir(), ".cache", "ms-playwright");
  const builds = existsSync(cache) ? readdirSync(cache).filter((name) => /^chromium-\d+$/.test(name)) : [];
  const files = [
    ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))),
    ...builds.map((build) => join(cache, build, "chrome-linux", "chrome")),
  ];
  return files.find((file) => existsSync(file)) ?? null;
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
