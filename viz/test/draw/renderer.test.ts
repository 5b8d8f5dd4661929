import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Canvas, createCanvas, loadImage } from "canvas";
import { createRenderer } from "#src/draw/renderer.js";
import type { Frame } from "#src/scene/frames/frame.js";
import type { RenderOptions } from "#src/scene/stage/stage.js";
import { moving, sampleExperiment, still } from "../support/sample.js";

const SNAPSHOTS = join(__dirname, "..", "..", "..", "test", "snapshots");
const SMALL: RenderOptions = { width: 640, height: 360, theme: "light" };

/** Share of pixels that may differ clearly: libraries set text and smooth edges a little differently. */
const MAX_DIFFERING = 0.012;
const CLEARLY = 48;

const pixelsOf = (canvas: Canvas) =>
  canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;

async function compareWithSnapshot(canvas: Canvas, name: string): Promise<void> {
  const file = join(SNAPSHOTS, `${name}.png`);
  if (process.env.UPDATE_SNAPSHOTS) writeFileSync(file, canvas.toBuffer("image/png"));
  const image = await loadImage(file);
  assert.deepEqual([canvas.width, canvas.height], [image.width, image.height]);
  const expected = createCanvas(image.width, image.height);
  expected.getContext("2d").drawImage(image, 0, 0);
  const [found, wanted] = [pixelsOf(canvas), pixelsOf(expected)];
  let differing = 0;
  for (let i = 0; i < found.length; i += 4) {
    const difference = Math.max(
      ...[0, 1, 2].map((channel) => Math.abs(found[i + channel] - wanted[i + channel])),
    );
    if (difference > CLEARLY) differing += 1;
  }
  const share = (4 * differing) / found.length;
  assert.ok(
    share <= MAX_DIFFERING,
    `${name}: ${(100 * share).toFixed(2)} % of the pixels differ; see ${file}`,
  );
}

const PICTURES: [
  name: string,
  frame: Frame,
  theme: "light" | "dark",
  options: Parameters<typeof sampleExperiment>[0],
][] = [
  ["local", still(2, "local"), "light", {}],
  ["groups", still(2, "local"), "light", { groups: "drawn" }],
  ["aggregation", still(1, "aggregation"), "dark", { nClients: 14 }],
  ["global", still(3, "global"), "light", { k: 9, rowsPerClient: 30_000, nClients: 2 }],
  ["collect", moving(2, "collect", 0.5), "light", {}],
];

for (const [name, frame, theme, options] of PICTURES) {
  test(`the picture "${name}" looks as its snapshot does`, async () => {
    const renderer = createRenderer(sampleExperiment(options), { ...SMALL, theme });
    await compareWithSnapshot(renderer.render(frame), name);
  });
}

test("a frame gives the same bytes whatever was rendered before it", () => {
  const experiment = sampleExperiment();
  const frames = [0, 1, 2, 3].flatMap((round) => [
    still(round, "local"),
    moving(round, "collect", 0.3),
    still(round, "aggregation"),
    moving(round, "broadcast", 0.6),
    still(round, "global"),
  ]);
  const one = createRenderer(experiment, SMALL);
  const forwards = frames.map((frame) => Buffer.from(one.render(frame).toBuffer("raw")));
  const other = createRenderer(experiment, SMALL);
  for (const i of [...frames.keys()].reverse()) {
    assert.ok(other.render(frames[i]).toBuffer("raw").equals(forwards[i]), `frame ${i}`);
  }
});

test("the picture has the size asked for", () => {
  const canvas = createRenderer(sampleExperiment(), { width: 800, height: 600, theme: "dark" }).render(
    still(1, "local"),
  );
  assert.deepEqual([canvas.width, canvas.height], [800, 600]);
});

test("a hundred thousand rows are a density: the core of a cluster is stronger than its edge, and neither is solid", () => {
  const experiment = sampleExperiment({ nClients: 1, rowsPerClient: 100_000, k: 2 });
  const canvas = createRenderer(experiment, { width: 1280, height: 720, theme: "light" }).render(
    still(0, "local"),
  );
  const data = pixelsOf(canvas);
  const shades = new Map<number, number>();
  for (let y = 120; y < 680; y++) {
    for (let x = 40; x < 1000; x++) {
      const red = data[4 * (y * canvas.width + x)];
      shades.set(red, (shades.get(red) ?? 0) + 1);
    }
  }
  const covered = [...shades].filter(([red]) => red < 235);
  assert.ok(covered.length > 30, `${covered.length} shades`);
  const pixels = covered.reduce((sum, [, count]) => sum + count, 0);
  assert.ok(
    Math.max(...covered.map(([, count]) => count)) < 0.5 * pixels,
    "no shade covers half of the rows' area",
  );
});
