import assert from "node:assert/strict";
import { test } from "node:test";
import { createCanvas, loadImage } from "canvas";
import { encodePng } from "../../src/encode/png.js";

for (const [width, height] of [
  [8, 3],
  [10, 2],
  [1, 1],
  [7, 5],
]) {
  test(`a ${width}x${height} PNG file decodes to the same pixels`, async () => {
    const canvas = createCanvas(width, height);
    const context = canvas.getContext("2d");
    for (let i = 0; i < width * height; i++) {
      context.fillStyle = `rgb(${(i * 37) % 256}, ${(i * 91) % 256}, ${(i * 151 + 7) % 256})`;
      context.fillRect(i % width, Math.floor(i / width), 1, 1);
    }
    const png = await encodePng(canvas.toBuffer("raw"), width, height);
    const image = await loadImage(Buffer.from(png));
    assert.deepEqual([image.width, image.height], [width, height]);
    const decoded = createCanvas(width, height);
    decoded.getContext("2d").drawImage(image, 0, 0);
    assert.deepEqual(decoded.toBuffer("raw"), canvas.toBuffer("raw"));
  });
}
