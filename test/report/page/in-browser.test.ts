import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Browser, chromium } from "playwright-core";
import { run, sweep } from "#src/index.js";
import { makeReport } from "#src/report/page/make-report.js";
import { findChromium } from "../../support/chromium.js";
import { temporaryFolder } from "../../support/temporary.js";

const CHROMIUM = findChromium();
const SKIP = CHROMIUM === null ? "no Chromium here" : false;
const REQUEST = {
  output: null,
  format: null,
  title: null,
  note: null,
  showsRows: true,
  reruns: false,
} as const;
const PENGUINS = { data: "data/penguins", labelColumn: "species" };

/** The rules of the Web Content Accessibility Guidelines, levels A and AA, as axe-core tests them. */
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

async function browser(context: TestContext): Promise<Browser> {
  const opened = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
  context.after(() => opened.close());
  return opened;
}

function reportOf(...directories: string[]): Promise<string> {
  return makeReport(directories, REQUEST, new AbortController().signal);
}

/** Pages of each kind: of a run with groups and a twin, of several runs, and of a sweep. */
async function pagesOf(context: TestContext): Promise<string[]> {
  const folder = temporaryFolder(context);
  const logDir = join(folder, "logs");
  const first = await run({ ...PENGUINS, twin: true, stability: 3, logDir });
  const threshold = { privacy: "threshold", privacyThreshold: 20, algorithm: "lloyd" } as const;
  const other = await run({ ...PENGUINS, ...threshold, logDir });
  const output = join(folder, "sweep");
  await sweep(PENGUINS, { kGlobal: [2, 3] }, { seeds: 2, output });
  return Promise.all([
    reportOf(first.experimentDir),
    reportOf(first.experimentDir, other.experimentDir),
    reportOf(output),
  ]);
}

test("a report asks for nothing, fits a phone, and holds WCAG A and AA in light and dark", {
  skip: SKIP,
}, async (context) => {
  const opened = await browser(context);
  for (const path of await pagesOf(context)) {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await opened.newPage({
        colorScheme,
        viewport: { width: 400, height: 800 },
        bypassCSP: true,
      });
      const asked: string[] = [];
      const said: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", (error) => said.push(String(error)));
      await page.goto(`file://${path}`);
      assert.deepEqual(asked, [`file://${path}`]);
      assert.ok(
        await page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
        `${path} is too wide`,
      );
      await page.evaluate(AXE);
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
      const { violations } = (await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(tags)} })`)) as {
        violations: Violation[];
      };
      assert.deepEqual(
        violations.map(
          ({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}: ${nodes[0].failureSummary}`,
        ),
        [],
        `${path}, ${colorScheme}`,
      );
      assert.deepEqual(said, []);
      await page.close();
    }
  }
});

test("without script a report is whole; with it tables can be saved, and texts copied", {
  skip: SKIP,
}, async (context) => {
  const opened = await browser(context);
  const { experimentDir } = await run({ ...PENGUINS, logDir: temporaryFolder(context) });
  const path = await reportOf(experimentDir);
  const bare = await opened.newContext({ javaScriptEnabled: false });
  const still = await bare.newPage();
  await still.goto(`file://${path}`);
  assert.equal(await still.locator("button").count(), 0);
  assert.ok((await still.locator("main section").count()) > 8);
  const page = await opened.newPage();
  await page.goto(`file://${path}`);
  const download = page.waitForEvent("download");
  await page.locator(".tools button", { hasText: "CSV" }).first().click();
  const text = readFileSync((await (await download).path())!, "utf8");
  assert.match(text, /^cluster,rows,clients,bill_length_mm,/);
  assert.equal(text.trim().split("\n").length, 4);
});

test("a table that is saved as CSV has no formula, and its numbers are as they are", {
  skip: SKIP,
}, async (context) => {
  const folder = temporaryFolder(context);
  const rows = [
    [-1, 2],
    [-1, 3],
    [9, 9],
    [8, 9],
  ];
  const { experimentDir } = await run({
    data: { "=1+1": rows, "-2": rows },
    logDir: folder,
    kGlobal: 2,
    groupSize: 1,
  });
  const signal = new AbortController().signal;
  const path = await makeReport([experimentDir], REQUEST, signal);
  const page = await (await browser(context)).newPage();
  await page.goto(`file://${path}`);
  const texts: string[] = [];
  for (const button of await page.getByRole("button", { name: "CSV", exact: true }).all()) {
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    texts.push(readFileSync(await download.path(), "utf8"));
  }
  assert.ok(texts.length > 3);
  assert.match(texts.join(""), /^'=1\+1,/m);
  assert.match(texts.join(""), /^-2,/m);
  assert.doesNotMatch(texts.join(""), /^=1/m);
});
