import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadImage } from "canvas";
import { renderDiagnostics, visualize } from "#src/index.js";
import { writeExperiment } from "../support/directory.js";
import { temporaryFolder } from "../support/temporary.js";
import { parseXml } from "../support/xml.js";

test("diagnostics are a PNG, an SVG or a PDF of a sheet of A4, with the same bytes each time", async (t) => {
  const directory = writeExperiment(temporaryFolder(t));
  const image = await loadImage(await renderDiagnostics(directory));
  assert.deepEqual([image.width, image.height], [3508, 2481]);
  const svg = parseXml((await renderDiagnostics(directory, { format: "svg", title: "Islands" })).toString());
  assert.equal(svg.children[0].text, "Islands");
  assert.match(svg.children[1].text, /Exact silhouette coefficients of 60 rows of 2 clients/);
  const pdf = await renderDiagnostics(directory, { format: "pdf", theme: "dark" });
  assert.ok((await renderDiagnostics(directory, { format: "pdf", theme: "dark" })).equals(pdf));
});

test("pages alone are what is made, and stand in the manifest where they are in the directory", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"));
  writeFileSync(join(directory, "manifest.json"), '{"schema_version": 1, "files": {}}');
  const options = { poster: join(folder, "p.svg"), diagnostics: join(directory, "d.svg") };
  const { pages, video, nFrames } = await visualize(directory, options);
  assert.deepEqual([pages, video, nFrames], [[options.poster, options.diagnostics], null, 0]);
  assert.match(readFileSync(join(directory, "manifest.json"), "utf8"), /"d\.svg": \{"size"/);
});

test("of a directory that has nothing for it, there is no page and one line that says why", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"), { withoutRows: true });
  const message = `${directory}: no diagnostics: it has no rows or groups in two clusters or more, and no principal components`;
  await assert.rejects(visualize(directory, { diagnostics: join(folder, "d.png") }), {
    name: "RunError",
    message,
  });
  await assert.rejects(renderDiagnostics(directory), { name: "RunError", message });
  await assert.rejects(visualize(directory, { diagnostics: "d.gif" }), {
    name: "UsageError",
    message: 'diagnostics must be a file that ends in .png, .svg, .pdf, found "d.gif"',
  });
});
