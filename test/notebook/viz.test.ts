import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as fk from "#src/index.js";
import { contentOf } from "#src/notebook/output/display.js";
import { temporaryFolder } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");

test("frames and posters of a run are pictures that a cell shows, and a poster's file is written", async (t) => {
  const folder = temporaryFolder(t);
  const result = await fk.run({
    data: await fk.load(PENGUINS, { labelColumn: "species" }),
    kGlobal: 3,
    carrier: "inline",
    logDir: join(folder, "logs"),
  });
  const png = await fk.frame(result, { size: "640x360" });
  assert.deepEqual(
    [...png.png.subarray(1, 4)],
    [..."PNG"].map((letter) => letter.charCodeAt(0)),
  );
  assert.equal(contentOf(png).png, png.png);

  const frame = await fk.frame(result, { round: 1, view: "local", format: "svg" });
  assert.equal(contentOf(frame).svg, frame.svg);
  assert.equal(contentOf(frame).text, "(a picture: Round 1 of 1, local)");

  const output = join(folder, "run.pdf");
  const poster = await fk.poster(result, { title: "Penguins & islands", output });
  assert.match(contentOf(poster).svg!, /^<svg [^>]*viewBox="0 0 1400 990"/);
  assert.equal(contentOf(poster).text, "(a picture: Penguins & islands)");
  // The features' own names and units.
  for (const name of ["flipper_length_mm", "body_mass_g"]) assert.ok(poster.svg.includes(`>${name}</text>`));
  assert.equal(readFileSync(output).toString("latin1", 0, 5), "%PDF-");
  assert.deepEqual(readdirSync(folder).sort(), ["logs", "run.pdf"]);
  assert.ok((await fk.poster(result, { format: "png", theme: "dark" })).png.length > 1e5);

  const page = await fk.diagnostics(result, { title: "How good", output: join(folder, "d.svg") });
  assert.equal(readFileSync(join(folder, "d.svg"), "utf8"), page.svg);
  for (const text of ["Classes by cluster", "Gentoo"]) assert.ok(page.svg.includes(`>${text}</text>`), text);
  assert.ok((await fk.diagnostics(result, { format: "png" })).png.length > 1e5);

  await assert.rejects(
    fk.poster(result, { output: "run.gif" }),
    /poster must be a file that ends in .*"run.gif"/,
  );
});

test("a poster in the run's own directory is entered in its manifest", async (t) => {
  const data = await fk.load(PENGUINS, { labelColumn: "species" });
  const result = await fk.run({ data, kGlobal: 3, carrier: "inline", logDir: temporaryFolder(t) });
  await fk.poster(result, { output: join(result.experimentDir, "poster.svg") });
  const verified = await fk.verify(result.experimentDir);
  assert.match(contentOf(verified).text, /as written/);
});
