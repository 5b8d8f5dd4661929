import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { TestContext } from "node:test";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A Chromium of this machine: of its packages, or of Playwright's; null where there is none. */
function findChromium(): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const cache = join(homedir(), ".cache", "ms-playwright");
  const builds = existsSync(cache) ? readdirSync(cache).filter((name) => /^chromium-\d+$/.test(name)) : [];
  const files = [
    ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))),
    ...builds.map((build) => join(cache, build, "chrome-linux", "chrome")),
  ];
  return files.find((file) => existsSync(file)) ?? null;
}

const CHROMIUM: string | null = findChromium();

/** For a test's `skip`: false, or why pages cannot be opened here. */
export const skipWithoutChromium: string | false = CHROMIUM === null ? "no Chromium on this machine" : false;

/** A page that was opened, and all that it should not have done. */
export interface OpenPage {
  readonly page: Page;
  /** Addresses that it asked for, beside its own. */
  readonly requests: string[];
  /** What its console says, and what its script threw. */
  readonly complaints: string[];
}

let browser: Promise<Browser> | undefined;

/** Opens a file, from the file system; closed when the test ends. */
export async function openPage(
  test: TestContext,
  file: string,
  options: BrowserContextOptions = {},
  hash = "",
): Promise<OpenPage> {
  browser ??= chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox", "--disable-gpu"] });
  const context = await (await browser).newContext({ viewport: { width: 1000, height: 700 }, ...options });
  test.after(() => context.close());
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`file://${file}`)) requests.push(request.url());
  });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`file://${file}${hash}`);
  return { page, requests, complaints };
}

/** To be called when all tests of a file have ended. */
export async function closeChromium(): Promise<void> {
  await (await browser)?.close();
}
