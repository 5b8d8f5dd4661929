import assert from "node:assert/strict";
import { test } from "node:test";
import { NODE_HOST } from "#src/draw/node-host.js";
import { sceneDrawer } from "#src/draw/scene-drawer.js";

/** Rows of pixels that a text covers, in a picture with a pixel a unit. */
function heightOf(text: string, size: number): number {
  const mark = { kind: "text", x: 40, y: 150, text, size, fill: "#000000" } as const;
  const layers = [{ key: null, marks: [mark], opacity: 1 }];
  const canvas = sceneDrawer(NODE_HOST, 640, 360)({ width: 640, height: 360, background: "#ffffff", layers });
  const { data } = canvas.getContext("2d").getImageData(0, 0, 640, 360);
  const rows = Array.from({ length: 360 }, (_, y) => y).filter((y) =>
    data.subarray(4 * 640 * y, 4 * 640 * (y + 1)).some((value) => value < 200),
  );
  return rows.length === 0 ? 0 : rows.at(-1)! - rows[0] + 1;
}

test("a text stays in its line, whatever its script and whichever fonts a machine has", () => {
  for (const text of ["Biscoe", "東京大学", "مستشفى", "한국", "ᚠᚢ", "𐍈𐌰", "😀"]) {
    const height = heightOf(text, 20);
    assert.ok(height > 5 && height < 1.6 * 20, `${text}: ${height}`);
  }
});
