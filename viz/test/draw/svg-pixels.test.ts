import assert from "node:assert/strict";
import { test } from "node:test";
import { createCanvas, loadImage } from "canvas";
import { RunError } from "fedkmeans/directory";
import { renderSvg } from "#src/draw/svg-pixels.js";

const square = (size: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="10"><rect width="5" height="10" fill="#0072b2"/></svg>`;

test("an SVG is drawn at its scale, not enlarged from pixels", async () => {
  const image = await loadImage(Buffer.from(await renderSvg(square(20), 3)));
  assert.deepEqual([image.width, image.height], [60, 30]);
  const context = createCanvas(60, 30).getContext("2d");
  context.drawImage(image, 0, 0);
  assert.deepEqual([...context.getImageData(14, 15, 2, 1).data], [0, 0x72, 0xb2, 255, 0, 0, 0, 0]);
});

test("what is no SVG, or too large, is refused", async () => {
  await assert.rejects(renderSvg("no picture"), RunError);
  await assert.rejects(renderSvg(square(20_000)), { message: /1 to 32767 pixels a side expected/ });
});
