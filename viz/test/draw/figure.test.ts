import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { createCanvas, loadImage } from "canvas";
import { drawFigure, FIGURE_FORMATS } from "#src/draw/figure.js";
import { NODE_HOST } from "#src/draw/node-host.js";
import { sceneDrawer } from "#src/draw/scene-drawer.js";
import type { Mark, Scene } from "#src/scene/marks/marks.js";
import { createComposer } from "#src/scene/scene.js";
import { sampleExperiment, still } from "../support/sample.js";
import { marksOf, OPTIONS } from "../support/scene.js";
import { allWithin, parseXml } from "../support/xml.js";

const SIZE = { width: OPTIONS.width, height: OPTIONS.height };
const TEXT = { title: "Round <1> & more", description: "Two\u0000 clients: “a” & b" };
const SCENE: Scene = createComposer(sampleExperiment(), OPTIONS)(still(1, "local"));

/** The least that a scene can be, with some marks on it. */
const plain = (...marks: Mark[]): Scene => ({
  width: 1280,
  height: 720,
  background: "#ffffff",
  layers: [{ key: null, marks, opacity: 1 }],
});

function svgOf(scene: Scene): string {
  return drawFigure(scene, "svg", SIZE, TEXT).toString();
}

test("an SVG is well-formed and has its title, its description and every text of the scene", () => {
  const root = parseXml(svgOf(SCENE));
  assert.equal(root.name, "svg");
  assert.deepEqual(
    root.children.slice(0, 2).map(({ name, text }) => [name, text]),
    [
      ["title", TEXT.title],
      ["desc", "Two clients: “a” & b"],
    ],
  );
  const texts = allWithin(root).filter(({ name }) => name === "text");
  const written = texts.map(({ text }) => text);
  for (const mark of marksOf(SCENE)) {
    if (mark.kind === "text" && mark.maxWidth === undefined)
      assert.ok(written.includes(mark.text), mark.text);
  }
  // Told here once: the panels' rows are shapes, each of which is used.
  const shapes = new Set(allWithin(root).flatMap(({ attributes: { id } }) => id ?? []));
  const used = allWithin(root).filter(({ name }) => name === "use");
  for (const { attributes } of used) assert.ok(shapes.has(attributes["xlink:href"].slice(1)));
  const nRows = marksOf(SCENE).reduce(
    (sum, mark) => (mark.kind === "points" ? sum + mark.positions.length / 2 : sum),
    0,
  );
  assert.ok(nRows > 100 && used.length >= nRows, `${used.length} of ${nRows}`);
});

test("an SVG that librsvg draws looks like the picture on a canvas", async () => {
  const shapes = {
    ...SCENE,
    layers: SCENE.layers.map((layer) => ({
      ...layer,
      // Its letters are of another typeface, since it reads no embedded one.
      marks: layer.marks.filter(({ kind }) => kind !== "text" && kind !== "chip"),
    })),
  };
  const canvas = createCanvas(SIZE.width, SIZE.height);
  const context = canvas.getContext("2d");
  context.drawImage(await loadImage(drawFigure(shapes, "svg", SIZE, TEXT)), 0, 0, SIZE.width, SIZE.height);
  const drawn = context.getImageData(0, 0, SIZE.width, SIZE.height).data;
  const raster = sceneDrawer(NODE_HOST, SIZE.width, SIZE.height)(shapes).getContext("2d");
  const expected = raster.getImageData(0, 0, SIZE.width, SIZE.height).data;
  const far = drawn.reduce((count, value, i) => count + Number(Math.abs(value - expected[i]) > 96), 0);
  assert.ok(far < drawn.length * 0.002, `${far} of ${drawn.length} channels are far off`);
});

test("a text in an SVG ends where it should, turned or not, and blanks stay", () => {
  const look = { kind: "text", x: 100, y: 50, size: 12, fill: "#102030" } as const;
  const texts = allWithin(
    parseXml(
      svgOf(
        plain(
          { ...look, text: "a  b", align: "right" },
          { ...look, text: "up", rotated: true, weight: "semibold" },
          { ...look, text: "a very long name of a place", maxWidth: 60 },
        ),
      ),
    ),
  ).filter(({ name }) => name === "text");
  const [right, up, cut] = texts;
  assert.deepEqual(
    [right.attributes["text-anchor"], right.attributes["xml:space"], right.text],
    ["end", "preserve", "a  b"],
  );
  assert.deepEqual([right.attributes.x, right.attributes["font-size"]], ["100", "12"]);
  assert.deepEqual([up.attributes.transform, up.attributes["font-weight"]], ["rotate(-90 100 50)", "600"]);
  assert.match(cut.text, /^a very.*…$/);
});

test("the letters of an SVG are in it, with their widths, and no others", () => {
  const [svg] = [svgOf(plain({ kind: "text", x: 0, y: 0, text: "Äb!漢", size: 10, fill: "#000000" }))];
  const data = /src:url\(data:font\/woff;base64,([^)]+)\)/.exec(svg)![1];
  const tables = readWoff(Buffer.from(data, "base64"));
  const cmap = tables.get("cmap")!.subarray(12);
  const glyphs = Array.from({ length: cmap.readUInt32BE(12) }, (_, i) => ({
    letter: String.fromCodePoint(cmap.readUInt32BE(16 + 12 * i)),
    glyph: cmap.readUInt32BE(24 + 12 * i),
  }));
  assert.deepEqual(glyphs.map(({ letter }) => letter).join(""), "!bÄ");
  const unitsPerEm = tables.get("head")!.readUInt16BE(18);
  const ruler = createCanvas(1, 1).getContext("2d");
  ruler.font = NODE_HOST.fontOf(1000, "regular");
  const loca = tables.get("loca")!;
  for (const { letter, glyph } of glyphs) {
    const width = (tables.get("hmtx")!.readUInt16BE(4 * glyph) * 1000) / unitsPerEm;
    assert.ok(Math.abs(width - ruler.measureText(letter).width) <= 1, letter);
    assert.ok(loca.readUInt32BE(4 * glyph + 4) > loca.readUInt32BE(4 * glyph), `${letter} has an outline`);
  }
  // Ä is composed of A and two dots, which must be there, too.
  const nOutlines = Array.from({ length: loca.length / 4 - 1 }, (_, i) => i).filter(
    (glyph) => loca.readUInt32BE(4 * glyph + 4) > loca.readUInt32BE(4 * glyph),
  ).length;
  assert.ok(nOutlines >= glyphs.length + 2 && nOutlines < 12, String(nOutlines));
});

test("rows of a density are one image in a vector, whatever their number", () => {
  const n = 20_000;
  const positions = Float32Array.from({ length: 2 * n }, (_, i) => 100 + ((i * 0.618) % 1) * 300);
  const density: Mark = {
    kind: "points",
    x: 100,
    y: 100,
    width: 300,
    height: 300,
    positions,
    weights: null,
    labels: null,
    styles: [{ color: "#0072b2", shape: "circle" }],
    as: "density",
    radius: 1,
    opacity: 1,
    fullest: null,
  };
  const elements = allWithin(parseXml(svgOf(plain(density))));
  const images = elements.filter(({ name }) => name === "image");
  assert.deepEqual(
    images.map(({ attributes: { x, y, width, height } }) => [x, y, width, height]),
    [["100", "100", "300", "300"]],
  );
  assert.ok(elements.length < 20);
});

test("a PDF is one of a sheet of A4, with its typeface and without a date of today", () => {
  const pdf = drawFigure(SCENE, "pdf", SIZE, TEXT).toString("latin1");
  for (const found of [
    /^%PDF-1\.\d/,
    /%%EOF\s*$/,
    /\/MediaBox \[ 0 0 842 474 \]/,
    /\/FontFile2 /,
    /\/BaseFont \/\w+\+Inter-SemiBold/,
    /\/CreationDate \((D:)?19700101/,
  ]) {
    assert.ok(found.test(pdf), String(found));
  }
});

test("a PNG has the pixels of the canvas", async () => {
  const image = await loadImage(drawFigure(SCENE, "png", SIZE, TEXT));
  const canvas = createCanvas(SIZE.width, SIZE.height);
  canvas.getContext("2d").drawImage(image, 0, 0);
  const raster = sceneDrawer(NODE_HOST, SIZE.width, SIZE.height)(SCENE);
  assert.ok(canvas.toBuffer("raw").equals(raster.toBuffer("raw")));
});

test("the same scene gives the same bytes", () => {
  for (const format of FIGURE_FORMATS) {
    assert.ok(drawFigure(SCENE, format, SIZE, TEXT).equals(drawFigure(SCENE, format, SIZE, TEXT)), format);
  }
});

function readWoff(woff: Buffer): Map<string, Buffer> {
  assert.equal(woff.toString("latin1", 0, 4), "wOFF");
  assert.equal(woff.readUInt32BE(8), woff.length);
  const tables = new Map<string, Buffer>();
  for (let i = 0; i < woff.readUInt16BE(12); i++) {
    const entry = 44 + 20 * i;
    const [at, packed, length, sum] = [4, 8, 12, 16].map((offset) => woff.readUInt32BE(entry + offset));
    const body = woff.subarray(at, at + packed);
    const table = packed === length ? body : inflateSync(body);
    const name = woff.toString("latin1", entry, entry + 4);
    assert.equal(table.length, length);
    const summed = Buffer.concat([table, Buffer.alloc((4 - (length % 4)) % 4)]);
    if (name === "head") summed.writeUInt32BE(0, 8);
    let total = 0;
    for (let word = 0; word < summed.length; word += 4) total = (total + summed.readUInt32BE(word)) >>> 0;
    assert.equal(total, sum, name);
    tables.set(name, table);
  }
  return tables;
}
