import assert from "node:assert/strict";
import { test } from "node:test";
import { createCanvas, loadImage } from "canvas";
import { createPngEncoder } from "#src/render/png.js";

for (const [width, height] of [
  [8, 3],
  [10, 2],
  [1, 1],
  [7, 5],
]) {
  test(`${width}x${height} PNG files decode to the same pixels, one after the other`, async () => {
    const canvas = createCanvas(width, height);
    const context = canvas.getContext("2d");
    const encode = createPngEncoder(width, height);
    for (const seed of [0, 7]) {
      for (let i = 0; i < width * height; i++) {
        context.fillStyle = `rgb(${(seed + i * 37) % 256}, ${(i * 91) % 256}, ${(seed * i + 7) % 256})`;
        context.fillRect(i % width, Math.floor(i / width), 1, 1);
      }
      const image = await loadImage(Buffer.from(await encode(canvas.toBuffer("raw"))));
      assert.deepEqual([image.width, image.height], [width, height]);
      const decoded = createCanvas(width, height);
      decoded.getContext("2d").drawImage(image, 0, 0);
      assert.deepEqual(decoded.toBuffer("raw"), canvas.toBuffer("raw"));
    }
  });
}
