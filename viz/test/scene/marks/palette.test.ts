import assert from "node:assert/strict";
import { test } from "node:test";
import { paletteOf } from "#src/scene/marks/palette.js";
import { clusterStyle, THEMES } from "#src/scene/marks/theme.js";

for (const name of ["light", "dark"] as const) {
  test(`a GIF has the very colours of the ${name} theme and of clusters`, () => {
    const bytes = paletteOf(name);
    assert.equal(bytes.length, 4 * 256);
    const colors = new Set<string>();
    for (let i = 0; i < 255; i++) {
      const [blue, green, red, alpha] = bytes.subarray(4 * i, 4 * i + 4);
      assert.equal(alpha, 255);
      colors.add(`#${[red, green, blue].map((value) => value.toString(16).padStart(2, "0")).join("")}`);
    }
    assert.equal(bytes[4 * 255 + 3], 0);
    const wanted = Object.values(THEMES[name]).filter((value) => value.startsWith("#"));
    for (let cluster = 0; cluster < 8; cluster++) wanted.push(clusterStyle(cluster).color);
    for (const color of wanted) assert.ok(colors.has(color), color);
    assert.ok(colors.size > 150);
  });
}
