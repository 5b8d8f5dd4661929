import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { messageOf } from "#src/errors.js";
import { findChromium } from "#src/files/find-chromium.js";
import { printPdf } from "#src/files/print-pdf.js";
import { temporaryFolder } from "../support/temporary.js";

const never = new AbortController().signal;

function skipWithoutChromium(): string | false {
  try {
    findChromium();
    return false;
  } catch (error) {
    return messageOf(error);
  }
}

/** Sets variables of the environment for one test; undefined removes one. */
function withEnvironment(after: (restore: () => void) => void, variables: NodeJS.ProcessEnv): void {
  const before = { ...process.env };
  after(() => {
    process.env = before;
  });
  process.env = { ...before, ...variables };
  for (const [name, value] of Object.entries(variables)) if (value === undefined) delete process.env[name];
}

test("a page is printed as it says, asks nobody for anything, and gives the same bytes again", {
  skip: skipWithoutChromium(),
}, async (t) => {
  const folder = temporaryFolder(t);
  withEnvironment((restore) => t.after(restore), { TMPDIR: mkdtempSync(join(folder, "tmp-")) });
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const page = join(folder, "räksmörgås & co #1.html");
  writeFileSync(
    page,
    `<style>@page{size:100mm 50mm}</style><img src="http://127.0.0.1:${port}/a.png">` +
      '<p>one</p><p style="break-before:page">two</p>',
  );
  const [first, second] = ["1.pdf", "2.pdf"].map((name) => join(folder, name));
  await printPdf(page, first, never);
  await printPdf(page, second, never);
  const pdf = readFileSync(first);
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  const text = pdf.toString("latin1");
  assert.equal(text.match(/\/Type \/Page\b/g)?.length, 2);
  // Points: 72 to the inch of 25.4 mm.
  const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text)!;
  assert.ok(Math.abs(Number(width) - (100 / 25.4) * 72) < 1, width);
  assert.ok(Math.abs(Number(height) - (50 / 25.4) * 72) < 1, height);
  assert.ok(pdf.equals(readFileSync(second)));
  assert.equal(requests, 0);
  assert.deepEqual(readdirSync(process.env.TMPDIR!), []);
});

test("an interrupted one leaves what was there, and no file of its own", {
  skip: skipWithoutChromium(),
}, async (t) => {
  const folder = temporaryFolder(t);
  const temporary = mkdtempSync(join(folder, "tmp-"));
  withEnvironment((restore) => t.after(restore), { TMPDIR: temporary });
  const [page, pdf] = [join(folder, "a.html"), join(folder, "a.pdf")];
  writeFileSync(page, "<p>one</p>");
  writeFileSync(pdf, "before");
  const controller = new AbortController();
  const printing = printPdf(page, pdf, controller.signal);
  // Not before Chromium has files of its own, which it leaves behind when it is ended.
  const hasOwn = () =>
    readdirSync(temporary, { recursive: true }).some((name) => /SingletonSocket$/.test(`${name}`));
  for (let i = 0; i < 200 && !hasOwn() && readFileSync(pdf, "utf8") === "before"; i++) await setTimeout(10);
  controller.abort(new Error("enough"));
  await assert.rejects(printing, /^Error: enough$/);
  assert.equal(readFileSync(pdf, "utf8"), "before");
  assert.deepEqual(readdirSync(temporary), []);
  await assert.rejects(printPdf(page, pdf, controller.signal), /^Error: enough$/);
});

test("without a browser, or with one that prints nothing, there is one line and no file", async (t) => {
  const folder = temporaryFolder(t);
  const [page, pdf] = [join(folder, "a.html"), join(folder, "a.pdf")];
  writeFileSync(page, "<p>one</p>");
  const failing = join(folder, "chromium");
  writeFileSync(failing, "#!/bin/sh\necho first >&2\necho no display >&2\nexit 1\n", { mode: 0o755 });
  const unset = { FEDKMEANS_CHROMIUM: undefined, CHROME_PATH: undefined };
  const cases: [NodeJS.ProcessEnv, RegExp][] = [
    [
      { ...unset, FEDKMEANS_CHROMIUM: join(folder, "none") },
      /^FEDKMEANS_CHROMIUM must name a .*, found no program at .*none$/,
    ],
    [{ ...unset, CHROME_PATH: folder }, /^CHROME_PATH must name /],
    [{ ...unset, CHROME_PATH: failing }, /chromium printed nothing: no display$/],
  ];
  // Elsewhere a browser may stand in a place that is no matter of the PATH.
  if (process.platform === "linux") {
    cases.push(
      [{ ...unset, PATH: temporaryFolder(t) }, /^Chromium is missing, which makes the PDF: /],
      [{ ...unset, PATH: folder }, /chromium printed nothing: no display$/],
    );
  }
  for (const [variables, message] of cases) {
    withEnvironment((restore) => t.after(restore), variables);
    await assert.rejects(printPdf(page, pdf, never), { name: "RunError", message });
  }
  assert.deepEqual(readdirSync(folder).sort(), ["a.html", "chromium"]);
});
