import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as fk from "#src/index.js";
import { temporaryFolder } from "../support/temporary.js";

const TABLE = [
  { name: 'a "b", c', billLength: 1.5, at: new Date(Date.UTC(2026, 0, 2)), n: 3n },
  { name: "=1+1", billLength: Number.NaN, extra: [1, 2] },
];
const CHART = fk.chart([
  { title: "One < two", xLabel: "x", yLabel: "y", series: [{ name: "", points: [{ x: 1, y: 2 }] }] },
]);

test("a table is written as CSV with every column, its names as they are, and as JSON", async (t) => {
  const folder = temporaryFolder(t);
  const [csv, json] = ["t.csv", "t.json"].map((name) => join(folder, name));
  assert.equal(await fk.save(TABLE, csv), csv);
  assert.equal(
    readFileSync(csv, "utf8"),
    'name,billLength,at,n,extra\n"a ""b"", c",1.5,2026-01-02T00:00:00.000Z,3,\n\'=1+1,,,,"[1,2]"\n',
  );
  await fk.save(TABLE, json);
  assert.deepEqual(JSON.parse(readFileSync(json, "utf8")), [
    { name: 'a "b", c', billLength: 1.5, at: "2026-01-02T00:00:00.000Z", n: 3 },
    { name: "=1+1", billLength: null, extra: [1, 2] },
  ]);
  await fk.save({ objects: () => [{ a: 1 }] }, csv);
  assert.equal(readFileSync(csv, "utf8"), "a\n1\n");
  await fk.save({ means: Float64Array.of(1, 2) }, json);
  assert.deepEqual(JSON.parse(readFileSync(json, "utf8")), { means: [1, 2] });
  const below = join(folder, "figures", "late", "t.csv");
  await fk.save([{ a: 1 }], below);
  assert.equal(readFileSync(below, "utf8"), "a\n1\n");
  await assert.rejects(fk.save([{ a: 1 }], join(csv, "t.csv")), {
    name: "RunError",
    message: /^cannot write /,
  });
});

test("pictures and charts are written as SVG and as a page, elements with the namespace they need", async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, "p.svg");
  await fk.save(CHART, file);
  assert.equal(readFileSync(file, "utf8"), CHART);
  const picture = fk.scatter([{ a: 1, b: 2 }], { x: "a", y: "b" });
  await fk.save(picture, file);
  assert.equal(readFileSync(file, "utf8"), (await picture).svg);
  await fk.save({ outerHTML: '<svg width="1" height="1"></svg>' }, file);
  assert.equal(
    readFileSync(file, "utf8"),
    '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>',
  );
  const page = join(folder, "p.html");
  await fk.save(CHART, page);
  assert.match(readFileSync(page, "utf8"), /<title>One &lt; two<\/title>.*<body>\n<svg/s);
  await fk.save(TABLE, page);
  assert.match(readFileSync(page, "utf8"), /<td style="text-align:left">a &quot;b&quot;, c<\/td>/);
});

test("pixels are those of the picture", async (t) => {
  const file = join(temporaryFolder(t), "p.png");
  await fk.save({ kind: "picture", png: Uint8Array.of(1, 2) }, file);
  assert.deepEqual([...readFileSync(file)], [1, 2]);
});

test("what cannot be written so is refused in a line, and what was there stays", async (t) => {
  const folder = temporaryFolder(t);
  const refused = (what: unknown, name: string, message: RegExp) =>
    assert.rejects(fk.save(what, join(folder, name)), { message });
  writeFileSync(join(folder, "t.csv"), "before");
  await refused(TABLE, "t.txt", /t\.txt: a name that ends in \.csv, \.json, \.svg, \.png, \.html expected$/);
  await refused(5, "t.csv", /t\.csv: a table expected, an array of plain objects$/);
  await refused({ runs: [{}], svg: CHART }, "t.csv", /a table expected.*; save its runs$/);
  await refused([], "t.csv", /^the table has no rows$/);
  await refused(TABLE, "t.svg", /t\.svg: a picture expected/);
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  await refused(cycle, "t.json", /t\.json: plain data expected, found an object that holds itself/);
  await refused(undefined, "t.json", /t\.json: plain data expected, found undefined$/);
  await refused({ kind: "picture", png: Uint8Array.of(1) }, "t.svg", /of pixels: save it as png/);
  mkdirSync(join(folder, "d.csv"));
  await refused(TABLE, "d.csv", /d\.csv/);
  assert.deepEqual(readdirSync(folder).sort(), ["d.csv", "t.csv"]);
  assert.equal(readFileSync(join(folder, "t.csv"), "utf8"), "before");
});
