import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadImage } from "canvas";
import { renderPoster, visualize } from "#src/index.js";
import { writeExperiment } from "../support/directory.js";
import { temporaryFolder } from "../support/temporary.js";
import { parseXml } from "../support/xml.js";

test("a poster is a PNG, an SVG or a PDF of a sheet of A4", async (t) => {
  const directory = writeExperiment(temporaryFolder(t));
  const image = await loadImage(await renderPoster(directory));
  assert.deepEqual([image.width, image.height], [3508, 2480]);
  const svg = parseXml((await renderPoster(directory, { format: "svg", title: "Islands" })).toString());
  assert.deepEqual([svg.attributes.width, svg.attributes.viewBox], ["296.97mm", "0 0 1400 990"]);
  assert.equal(svg.children[0].text, "Islands");
  const pdf = await renderPoster(directory, { format: "pdf", theme: "dark" });
  assert.ok(/\/MediaBox \[ 0 0 842 595 \]/.test(pdf.toString("latin1")));
  assert.ok((await renderPoster(directory, { format: "pdf", theme: "dark" })).equals(pdf), "the same bytes");
});

test("a wrong option of a poster is refused", async (t) => {
  const directory = writeExperiment(temporaryFolder(t));
  await assert.rejects(renderPoster(directory, { format: "gif" as "png" }), {
    name: "UsageError",
    message: 'format must be one of png, svg, pdf, found "gif"',
  });
  await assert.rejects(renderPoster(directory, { theme: "pink" as "dark" }), {
    name: "UsageError",
    message: 'theme must be light or dark, found "pink"',
  });
});

test("a poster alone is one file, in a folder that is made for it", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"));
  const path = join(folder, "new", "run.svg");
  const { pages, video, framesFolder, nFrames } = await visualize(directory, { poster: path });
  assert.deepEqual([pages, video, framesFolder, nFrames], [[path], null, null, 0]);
  assert.deepEqual(readdirSync(join(folder, "new")), ["run.svg"]);
  assert.ok(readFileSync(path, "utf8").endsWith("</svg>\n"));
});

test("with frames asked for, a poster is beside them", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"), { nRounds: 1 });
  const options = { poster: join(folder, "p.pdf"), output: join(folder, "v.mp4"), size: "640x360" } as const;
  const { pages, nFrames } = await visualize(directory, { ...options, framesOnly: true });
  assert.deepEqual([pages, nFrames], [[options.poster], 3]);
  assert.deepEqual(readdirSync(folder).sort(), ["e", "p.pdf", "v_frames"]);
});
