import assert from "node:assert/strict";
import { test } from "node:test";
import { clientPlot, layoutOf, type Rect, unitsOf } from "#src/scene/stage/layout.js";

const SIZES = [
  [1280, 720],
  [640, 360],
  [360, 640],
  [1920, 1080],
  [3840, 2160],
  [1080, 1080],
  [1080, 1920],
  [1440, 1080],
  [3840, 1080],
] as const;

const areApart = (a: Rect, b: Rect) =>
  a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;

test("panels, sidebar, header, server and senders lie inside the picture and apart from each other, at any size", () => {
  for (const [width, height] of SIZES) {
    for (const nClusters of [3, 60]) {
      for (let count = 1; count <= 12; count++) {
        const layout = layoutOf(width, height, count, 1.3, { nClusters });
        const { panels, sidebar, header, server, senders } = layout;
        assert.equal(panels.length, count);
        for (const parts of [
          [header, sidebar, ...panels],
          [header, sidebar, server, senders],
        ]) {
          for (const [i, part] of parts.entries()) {
            assert.ok(part.x >= 0 && part.x + part.width <= layout.width);
            assert.ok(part.y >= 0 && part.y + part.height <= layout.height);
            assert.ok(parts.slice(i + 1).every((other) => areApart(part, other)));
          }
        }
        for (const panel of panels) {
          const plot = clientPlot(panel);
          assert.ok(plot.width > 80 && plot.height > 50, `${count} at ${width}x${height}`);
        }
      }
    }
  }
});

test("a unit is at least 12/11 pixels where the short side has 1080, so that the least text has twelve", () => {
  for (const [width, height] of SIZES) {
    const units = unitsOf(width, height);
    const scale = Math.min(width / units.width, height / units.height);
    assert.ok(Math.abs(width / units.width - height / units.height) < 1e-9);
    if (Math.min(width, height) >= 1080) assert.ok(scale >= 12 / 11, `${width}x${height}`);
    assert.ok(scale >= 2 / 3);
  }
});

test("square and upright pictures have the sidebar below the panels", () => {
  for (const [width, height] of [
    [1080, 1080],
    [1080, 1920],
    [1296, 1080],
  ]) {
    const { panels, sidebar, server, senders, isUpright } = layoutOf(width, height, 4, 1);
    assert.ok(isUpright);
    assert.ok(panels.every((panel) => panel.y + panel.height < sidebar.y));
    assert.ok(server.y + server.height < senders.y);
  }
  assert.ok(!layoutOf(1920, 1080, 4, 1).isUpright);
});
