import assert from "node:assert/strict";
import { test } from "node:test";
import type { AreaMark, Mark, Scene } from "#src/scene/marks/marks.js";
import { THEMES } from "#src/scene/marks/theme.js";
import { outsideMarks } from "#src/scene/panels/outside.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { inside, marksOf, sceneOf, texts } from "../../support/scene.js";

const PLOT = { x: 100, y: 50, width: 300, height: 200 };

function told(points: readonly number[]): string[] {
  const marks = outsideMarks(Float32Array.from(points), PLOT, THEMES.light);
  return marks.flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
}

test("points outside are counted at the edge they are furthest beyond, and none inside is", () => {
  assert.deepEqual(told([100, 50, 400, 250, 250, 150]), []);
  assert.deepEqual(told([99, 100]), ["1"]);
  assert.deepEqual(told([450, 260, 1e6, 100, 90, 200, 200, 0]), ["1", "2", "1"]);
});

test("a head points out of the plot, within it, at the height of the rows where there is room", () => {
  for (const [x, y, axis, sign] of [
    [0, 150, 0, -1],
    [900, 150, 0, 1],
    [250, -90, 1, -1],
    [250, 900, 1, 1],
    [-5, 51, 0, -1],
    [900, 249, 0, 1],
    [101, -20, 1, -1],
    [399, 900, 1, 1],
  ]) {
    const marks: Mark[] = outsideMarks(Float32Array.of(x, y), PLOT, THEMES.dark);
    const head = marks.find((mark): mark is AreaMark => mark.kind === "area")!;
    const corners = [0, 2, 4].map((i) => ({ x: head.points[i], y: head.points[i + 1] }));
    assert.ok(corners.every((corner) => inside(corner, PLOT)));
    // The first corner is the tip: it is furthest out.
    const along = (corner: { x: number; y: number }) => sign * (axis === 0 ? corner.x : corner.y);
    assert.ok(along(corners[0]) > along(corners[1]) && along(corners[0]) > along(corners[2]));
    for (const mark of marks) {
      if (mark.kind !== "rect") continue;
      assert.ok(inside(mark, PLOT) && inside({ x: mark.x + mark.width, y: mark.y + mark.height }, PLOT));
    }
  }
});

test("a row that the axes leave out is told in its client's panel, in every picture that has rows", () => {
  const sample = sampleExperiment({ rowsPerClient: 600 });
  const positions = Float64Array.from(sample.clients[1].points!.positions);
  positions[0] = 1e5;
  const clients = sample.clients.map((client, c) =>
    c === 1 ? { ...client, points: { ...client.points!, positions, features: positions } } : client,
  );
  for (const view of ["local", "global"] as const) {
    const said = texts(sceneOf({ ...sample, clients }, still(2, view)));
    assert.equal(said.filter((text) => text === "beyond the axes").length, 1);
    assert.ok(!texts(sceneOf(sample, still(2, view))).includes("beyond the axes"));
    const heads = (scene: Scene) =>
      marksOf(scene).filter((mark) => mark.kind === "area" && mark.points.length === 6);
    assert.equal(heads(sceneOf({ ...sample, clients }, still(2, view))).length, 1);
  }
});
