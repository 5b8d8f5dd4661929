import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf, plotArea } from "#src/scene/layout.js";

test("panels of 1 to 12 clients lie inside the picture and apart from each other, at any size", () => {
  for (const [width, height] of [
    [1280, 720],
    [640, 360],
    [1920, 1080],
    [1080, 1080],
  ]) {
    for (let count = 1; count <= 12; count++) {
      const { panels, sidebar, width: w, height: h } = layoutOf(width, height, count, 1.3);
      assert.equal(panels.length, count);
      for (const panel of panels) {
        assert.ok(
          panel.x >= 0 && panel.y >= 0 && panel.x + panel.width <= sidebar.x && panel.y + panel.height <= h,
        );
        assert.ok(
          plotArea(panel).width > 100 && plotArea(panel).height > 80,
          `${count} at ${width}x${height}`,
        );
        for (const other of panels) {
          if (other === panel) continue;
          assert.ok(
            other.x >= panel.x + panel.width ||
              panel.x >= other.x + other.width ||
              other.y >= panel.y + panel.height ||
              panel.y >= other.y + other.height,
          );
        }
      }
      assert.ok(sidebar.x + sidebar.width <= w);
    }
  }
});
