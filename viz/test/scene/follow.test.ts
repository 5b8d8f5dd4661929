import assert from "node:assert/strict";
import { test } from "node:test";
import { clusterOf, followedAt, followedScene } from "#src/scene/follow.js";
import type { Mark, PointsMark, RectMark, Scene } from "#src/scene/marks/marks.js";
import { moving, sampleExperiment, still } from "../support/sample.js";
import { inside, marksOf, sceneOf } from "../support/scene.js";

const K = 4;
const NOTHING = { client: null, cluster: null };
const frames = [still(2, "local"), still(2, "aggregation"), still(2, "global"), moving(2, "update", 0.5)];
const scenes = frames.map((frame) => sceneOf(sampleExperiment(), frame));
/** Marks of layers that are seen as if nothing else were, without what says what signs mean. */
const clear = (scene: Scene) =>
  scene.layers.filter(({ opacity, isLegend }) => opacity > 0.9 && !isLegend).flatMap(({ marks }) => marks);
const faded = (scene: Scene) =>
  scene.layers.filter(({ opacity }) => opacity < 0.5).flatMap(({ marks }) => marks);
const pointsOf = (scene: Scene) =>
  marksOf(scene).filter((mark): mark is PointsMark => mark.kind === "points");

test("of a cluster that is followed, all its marks and rows stay, and those of other clusters fade", () => {
  for (const scene of scenes) {
    const followed = followedScene(scene, { client: null, cluster: 1 }, K);
    const clusters = new Set(clear(followed).map((mark) => clusterOf(mark, K)));
    assert.deepEqual(
      [...clusters].filter((cluster) => cluster !== null),
      [1],
    );
    const others = new Set(faded(followed).map((mark) => clusterOf(mark, K)));
    assert.ok(others.has(0) && others.has(2) && !others.has(1));
    const rows = (marks: readonly PointsMark[]) =>
      marks.reduce((sum, { positions }) => sum + positions.length / 2, 0);
    assert.equal(rows(pointsOf(followed)), rows(pointsOf(scene)));
    for (const mark of clear(followed)) {
      if (mark.kind === "points") assert.ok(mark.labels!.every((label) => label === 1));
    }
  }
});

test("of a client that is followed, its panel stays, and all that is in others fades", () => {
  const scene = scenes[2];
  const panels = marksOf(scene).filter(
    (mark): mark is RectMark => mark.kind === "rect" && mark.client !== undefined,
  );
  assert.equal(panels.length, 3);
  const followed = followedScene(scene, { client: 1, cluster: null }, K);
  const symbols = clear(followed).filter((mark) => mark.kind === "symbol");
  const [first, second] = panels;
  assert.ok(symbols.some((mark) => inside(mark, second)));
  assert.ok(!symbols.some((mark) => inside(mark, first)));
  assert.ok(faded(followed).some((mark) => mark.kind === "symbol" && inside(mark, first)));
});

test("of a client that is followed, at the server its own means, their flows and what it sent stay", () => {
  const scene = scenes[1];
  const followed = followedScene(scene, { client: 1, cluster: null }, K);
  for (const kind of ["symbol", "flow", "text"] as const) {
    const owners = (marks: readonly Mark[]) =>
      new Set(marks.flatMap((mark) => (mark.kind === kind ? (mark.client ?? []) : [])));
    assert.deepEqual([...owners(clear(scene))].sort(), [0, 1, 2]);
    assert.deepEqual([...owners(clear(followed))], [1]);
    assert.deepEqual([...owners(faded(followed))].sort(), [0, 2]);
  }
});

test("arrows are of a cluster, though all have one colour, and what signs mean fades with nothing", () => {
  const followed = followedScene(scenes[0], { client: null, cluster: 1 }, K);
  const isArrow = (mark: Mark) =>
    mark.kind === "line" && mark.head !== undefined && mark.casing !== undefined;
  const ofLegend = followed.layers.filter(({ isLegend }) => isLegend);
  const arrows = followed.layers.filter(({ isLegend }) => !isLegend).flatMap(({ marks }) => marks);
  assert.ok(arrows.filter(isArrow).length > 3);
  for (const mark of arrows.filter(isArrow)) {
    assert.equal(mark.cluster === 1, clear(followed).includes(mark));
  }
  assert.ok(ofLegend.length > 0 && ofLegend.every(({ opacity }) => opacity === 1));
});

test("where nothing is followed the scene is the same, and layers that are kept have keys of their own", () => {
  for (const scene of scenes) {
    assert.equal(followedScene(scene, NOTHING, K), scene);
    const keys = (followed: Scene) => followed.layers.flatMap(({ key }) => key ?? []);
    const both = [0, 1].flatMap((cluster) => keys(followedScene(scene, { client: null, cluster }, K)));
    const changed = both.filter((key) => key.includes("follow"));
    assert.equal(new Set(changed).size, changed.length);
  }
});

test("at a mean or a row is its cluster, at a panel's title its client, beside all nothing", () => {
  const scene = scenes[2];
  const mean = marksOf(scene).find((mark) => mark.kind === "symbol" && clusterOf(mark, K) === 2);
  assert.ok(mean?.kind === "symbol");
  assert.deepEqual(followedAt(scene, mean.x, mean.y, K, 6), { client: null, cluster: 2 });
  const [points] = pointsOf(scene);
  const row = points.labels!.indexOf(1);
  const [x, y] = points.positions.slice(2 * row, 2 * row + 2);
  assert.equal(followedAt(scene, x, y, K, 6)?.cluster, 1);
  const panel = marksOf(scene).find((mark) => mark.kind === "rect" && mark.client === 1) as RectMark;
  assert.deepEqual(followedAt(scene, panel.x + 20, panel.y + 8, K, 6), { client: 1, cluster: null });
  assert.equal(followedAt(scene, 3, 3, K, 6), null);
});

test("colour and shape tell clusters apart, and a colour alone only where it is enough", () => {
  const line = { kind: "line", points: [0, 0, 1, 1], stroke: "#e69f00", width: 1 } as const;
  const symbol = { kind: "symbol", shape: "square", x: 0, y: 0, radius: 3, fill: "#e69f00" } as const;
  assert.deepEqual(
    [clusterOf(line, 8), clusterOf(line, 9), clusterOf({ ...line, cluster: 9 }, 9)],
    [1, null, 9],
  );
  assert.deepEqual([clusterOf(symbol, 20), clusterOf({ ...symbol, shape: "triangle" }, 20)], [1, 9]);
});
