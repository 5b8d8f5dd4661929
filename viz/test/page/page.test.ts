import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { type PageLook, pageOf } from "#src/page/page.js";
import type { Experiment } from "#src/read/experiment.js";
import { closeChromium, openPage, skipWithoutChromium as skip } from "../support/chromium.js";
import { draws, sampleExperiment } from "../support/sample.js";
import { temporaryFolder } from "../support/temporary.js";

const LOOK: PageLook = { theme: null, rounds: null, title: null, clients: null, scale: "clustered" };

after(closeChromium);

function write(t: TestContext, experiment: Experiment = sampleExperiment(), look: Partial<PageLook> = {}) {
  const file = join(temporaryFolder(t), "run.html");
  writeFileSync(file, pageOf(experiment, { ...LOOK, ...look }));
  return file;
}

/** Sum of the colours of the picture: another picture has another. */
const PIXELS = `(() => {
  const canvas = document.querySelector("canvas");
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let hash = 0;
  for (const value of data) hash = (Math.imul(hash, 31) + value) | 0;
  return hash;
})()`;
const SHOWN = `document.querySelector("figcaption").textContent`;
/** A minute and more: no machine is so slow. */
const MOST_TRIES = 3000;
const FACTS = `[...document.querySelectorAll("#facts > *")].map((line) => line.textContent).join("\\n")`;
const THERE = "#figure:not([hidden])";

/** Waits until an expression is true in the page, whose policy forbids it to evaluate one by itself. */
async function until(page: Page, expression: string): Promise<void> {
  for (let tries = 0; !(await page.evaluate<boolean>(expression)); tries++) {
    assert.ok(tries < MOST_TRIES, `never true: ${expression}`);
    await page.waitForTimeout(20);
  }
}

test("the same experiment gives the same page, which says nothing of when or where it was made", () => {
  const experiment = sampleExperiment();
  const html = pageOf(experiment, LOOK);
  assert.equal(pageOf({ ...experiment, directory: `/elsewhere/${experiment.directory}` }, LOOK), html);
  assert.match(html, /<title>Federated k-means: experiment_20251107_160054<\/title>/);
});

test("names are text wherever they stand, whatever is in them", () => {
  const sample = sampleExperiment();
  const name = `</script><script>alert("1")</script>'&amp; 🐧`;
  const clients = sample.clients.map((client, i) => (i === 0 ? { ...client, name } : client));
  const html = pageOf({ ...sample, clients, note: name }, { ...LOOK, title: name });
  assert.ok(!html.includes("<script>alert") && !html.includes('alert("'));
  assert.ok(
    html.includes("&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;amp; 🐧"),
  );
});

test("the result stands in the page as tables", () => {
  const html = pageOf(sampleExperiment(), LOOK);
  // Each client's 60 rows go round the four clusters.
  assert.match(html, /<th scope="row">client 0<\/th>(<td>15<\/td>){4}<td>60<\/td>/);
  assert.match(html, /<dt>Converged<\/dt><dd>yes<\/dd>/);
  assert.match(html, /<dt>Adjusted Rand index<\/dt><dd>0\.9<\/dd>/);
});

test("10 clients of 1,000 rows and 50 rounds are less than 2 MB, though many rows change their cluster", () => {
  const sample = sampleExperiment({
    nClients: 10,
    rowsPerClient: 1000,
    nRounds: 50,
    k: 8,
    clientStart: true,
  });
  const draw = draws(3);
  const rounds = sample.rounds.map((round) => ({
    ...round,
    positions: round.positions.map((at) => at + draw()),
  }));
  const moved = { ...sample, rounds: rounds.map((round) => ({ ...round, means: round.positions })) };
  const { length } = pageOf(moved, LOOK);
  assert.ok(length < 2e6, `${length} bytes`);
});

test("opens from a file, asks for nothing, and plays to the end", { skip }, async (t) => {
  const { page, requests, complaints } = await openPage(t, write(t));
  await page.waitForSelector(THERE);
  assert.equal(await page.title(), "Federated k-means: experiment_20251107_160054");
  const value = () => page.inputValue("#round");
  const [first, start] = [await page.evaluate(PIXELS), await value()];
  await page.selectOption("#speed", "4");
  await until(page, `${PIXELS} !== ${first}`);
  await until(page, `document.querySelector("#round").value > ${start}`);
  await until(page, `document.querySelector("#round").value === "3"`);
  await until(page, `document.querySelector("#play").title.startsWith("Play")`);
  assert.match(await page.evaluate(SHOWN), /^Round 3 of 3, global/);
  assert.deepEqual([requests, complaints], [[], []]);
});

test("keys step, go to rounds and stages, and the address says where", { skip }, async (t) => {
  const { page, complaints } = await openPage(t, write(t), {}, "#round=1&stage=local");
  await page.waitForSelector(THERE);
  const seen: string[] = [];
  const press = async (key: string) => {
    await page.keyboard.press(key);
    seen.push(`${key}: ${(await page.evaluate<string>(SHOWN)).split(" ").slice(1, 5).join(" ")}`);
  };
  assert.match(await page.evaluate(SHOWN), /^Round 1 of 3, local/);
  for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowUp", "End", "Home"]) {
    await press(key);
  }
  for (const key of ["3", "2", "ArrowUp", "1"]) await press(key);
  assert.deepEqual(
    seen,
    [
      "ArrowRight: 1 of 3, aggregation",
      "ArrowRight: 1 of 3, global",
      "ArrowRight: 2 of 3, local",
      "ArrowLeft: 1 of 3, global",
      "ArrowUp: 2 of 3, global",
      "End: 3 of 3, global",
      "Home: 0 of 3, local",
      "3: 0 of 3, global",
      "2: 0 of 3, aggregation",
      "ArrowUp: 1 of 3, aggregation",
      "1: 1 of 3, local",
    ].map((line) => line.replace(/(, \w+).*/, "$1")),
  );
  assert.equal(await page.evaluate("location.hash"), "#round=1&stage=local");
  await page.evaluate(`location.hash = "#round=2&stage=global"`);
  await until(page, `${SHOWN}.startsWith("Round 2 of 3, global")`);
  await page.keyboard.press("?");
  assert.ok(await page.isVisible("#keys"));
  assert.deepEqual(complaints, []);
});

test("what the pointer is at is followed, and what is clicked stays so", { skip }, async (t) => {
  const { page, complaints } = await openPage(t, write(t), {}, "#round=3&stage=global");
  await page.waitForSelector(THERE);
  const before = await page.evaluate(PIXELS);
  const box = (await page.locator("#picture").boundingBox())!;
  const chosen = () => page.inputValue("#follow");
  // A client's name stands at the upper left of its panel, which is below the headline.
  const places = Array.from({ length: 40 }, (_, i) => ({ x: box.x + 60, y: box.y + 4 + 5 * i }));
  for (const { x, y } of places) {
    await page.mouse.move(x, y);
    if (await page.isVisible("#facts")) break;
  }
  assert.match(await page.evaluate(FACTS), /^client 0\n60 rows/);
  assert.notEqual(await page.evaluate(PIXELS), before);
  assert.equal(await chosen(), "");
  await page.mouse.down();
  await page.mouse.up();
  assert.equal(await chosen(), "client 0");
  await page.mouse.move(0, 0);
  assert.ok(await page.isVisible("#facts"));
  await page.keyboard.press("Escape");
  assert.deepEqual([await page.evaluate(PIXELS), await chosen()], [before, ""]);
  await page.selectOption("#follow", "cluster 2");
  assert.match(await page.evaluate(FACTS), /^Cluster 2\n30 rows behind its mean\nmoved by /);
  assert.notEqual(await page.evaluate(PIXELS), before);
  assert.deepEqual(complaints, []);
});

test("who wants less motion gets none: nothing plays by itself, and steps are at once", {
  skip,
}, async (t) => {
  const { page } = await openPage(t, write(t), { reducedMotion: "reduce" });
  await page.waitForSelector(THERE);
  const state = () => page.evaluate(`[${SHOWN}, document.querySelector("#play").title]`);
  assert.match(String(await state()), /^Round 0 of 3, local.*,Play/);
  await page.keyboard.press("ArrowRight");
  const [shown, play] = (await state()) as [string, string];
  assert.match(shown, /^Round 0 of 3, (local|aggregation)/);
  assert.match(play, /^Play/);
});

test("both themes are drawn, by the system's choice and by the reader's", { skip }, async (t) => {
  const file = write(t);
  const corner = `[...document.querySelector("canvas").getContext("2d").getImageData(1, 1, 1, 1).data]`;
  const light = await openPage(t, file, { colorScheme: "light" }, "#round=0");
  await light.page.waitForSelector(THERE);
  assert.deepEqual(await light.page.evaluate(corner), [246, 247, 249, 255]);
  await light.page.click("#theme");
  assert.deepEqual(await light.page.evaluate(corner), [14, 17, 22, 255]);
  const dark = await openPage(t, file, { colorScheme: "dark" }, "#round=0");
  await dark.page.waitForSelector(THERE);
  assert.deepEqual(await dark.page.evaluate(corner), [14, 17, 22, 255]);
});

test("the picture has the size of its window, in the pixels of the screen", { skip }, async (t) => {
  const { page } = await openPage(t, write(t), { deviceScaleFactor: 2 }, "#round=0");
  await page.waitForSelector(THERE);
  const sizes = () =>
    page.evaluate<[number, number, number]>(
      `(() => { const c = document.querySelector("canvas"); return [c.width, c.clientWidth, innerWidth]; })()`,
    );
  const [pixels, width] = await sizes();
  assert.equal(pixels, 2 * width);
  await page.setViewportSize({ width: 500, height: 800 });
  await until(page, `document.querySelector("canvas").clientWidth < 500`);
  const [, narrow, window] = await sizes();
  assert.ok(narrow > 440 && narrow <= window);
  assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
});

test("without scripts a sentence says so, and the result can be read", { skip }, async (t) => {
  const { page, complaints } = await openPage(t, write(t), { javaScriptEnabled: false });
  const text = (await page.textContent("body")) ?? "";
  assert.match(text, /drawn by a script, which is switched off/);
  assert.match(text, /Adjusted Rand index\s*0\.9/);
  assert.ok(!(await page.isVisible("canvas")));
  assert.deepEqual(complaints, []);
});

test("a browser that cannot decompress is told so", { skip }, async (t) => {
  const file = write(t);
  writeFileSync(file, readFileSync(file, "utf8").replace("typeof DecompressionStream", "typeof NoSuchThing"));
  const { page } = await openPage(t, file, { bypassCSP: true });
  await page.waitForSelector("#trouble:not([hidden])");
  assert.match((await page.textContent("#trouble")) ?? "", /cannot decompress/);
});
