import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChipMark } from "#src/scene/marks/marks.js";
import { THEMES } from "#src/scene/marks/theme.js";
import { arrowMarks } from "#src/scene/means/arrows.js";
import { chipMarks, type Labelled, oneACluster } from "#src/scene/means/chips.js";
import { hollowMark } from "#src/scene/means/mean-marks.js";
import { draws } from "../../support/sample.js";

const AREA = { x: 10, y: 20, width: 320, height: 300 };
const SIZE = 10;

const chipsOf = (means: readonly Labelled[], area = AREA) =>
  chipMarks(means, area, SIZE, THEMES.light).filter((mark): mark is ChipMark => mark.kind === "chip");
const meanAt = (x: number, y: number, cluster: number): Labelled => ({
  x,
  y,
  cluster,
  radius: 7,
  color: "#0072b2",
});

test("no number lies over another number, nor outside its panel", () => {
  const draw = draws(3);
  for (let trial = 0; trial < 200; trial++) {
    const means = Array.from({ length: 2 + (trial % 11) }, (_, cluster) =>
      meanAt(AREA.x + AREA.width * draw(), AREA.y + AREA.height * draw(), cluster),
    );
    const chips = chipsOf(means);
    assert.equal(chips.length, means.length);
    chips.forEach((chip, i) => {
      assert.ok(
        chip.x > AREA.x && chip.x < AREA.x + AREA.width && chip.y > AREA.y && chip.y < AREA.y + AREA.height,
      );
      for (const other of chips.slice(0, i)) {
        const distance = Math.hypot(chip.x - other.x, chip.y - other.y);
        assert.ok(distance > 1.5 * SIZE, `trial ${trial}: numbers ${distance} apart`);
      }
    });
  }
});

test("means that coincide still have a number each", () => {
  const chips = chipsOf([0, 1, 2, 3].map((cluster) => meanAt(150, 150, cluster)));
  assert.deepEqual(
    chips.map(({ text }) => text),
    ["0", "1", "2", "3"],
  );
  for (const [i, chip] of chips.entries()) {
    for (const other of chips.slice(0, i))
      assert.ok(Math.hypot(chip.x - other.x, chip.y - other.y) > 1.5 * SIZE);
  }
});

test("a small movement of a mean moves its number by little", () => {
  const before = chipsOf([meanAt(100, 100, 0), meanAt(120, 108, 1)]);
  const after = chipsOf([meanAt(100.5, 100, 0), meanAt(120, 108, 1)]);
  before.forEach((chip, i) => {
    assert.ok(Math.hypot(chip.x - after[i].x, chip.y - after[i].y) < 3);
  });
});

test("where numbers would drown a panel, those of most rows have one, as many as fit", () => {
  const draw = draws(5);
  const means = Array.from({ length: 30 }, (_, cluster) => ({
    ...meanAt(10 + 100 * draw(), 10 + 80 * draw(), cluster),
    rows: cluster === 17 ? 900 : cluster,
  }));
  const chips = chipsOf(means, { x: 0, y: 0, width: 120, height: 100 });
  assert.ok(chips.length >= 1 && chips.length <= 6, `${chips.length}`);
  assert.ok(chips.every(({ text }) => Number(text) >= 20 || text === "17"));
});

test("a number hides neither arrows nor what else is drawn, and stands beside its arrow", () => {
  const draw = draws(11);
  const inArea = () => ({ x: AREA.x + AREA.width * draw(), y: AREA.y + AREA.height * draw() });
  let placed = 0;
  for (let trial = 0; trial < 100; trial++) {
    const means = Array.from({ length: 6 }, (_, cluster) => ({
      ...meanAt(0, 0, cluster),
      ...inArea(),
      from: inArea(),
    }));
    const arrows = means.flatMap(({ cluster, from, x, y }) =>
      arrowMarks({ cluster, from, to: { x, y } }, 7, THEMES.light),
    );
    const hollow = means.map(({ cluster, from }) => hollowMark(from, 7, cluster, THEMES.light));
    const chips = chipMarks(means, AREA, SIZE, THEMES.light, [...arrows, ...hollow]).filter(
      (mark): mark is ChipMark => mark.kind === "chip",
    );
    placed += chips.length;
    for (const chip of chips) {
      for (const { x, y, radius } of hollow) {
        assert.ok(Math.hypot(chip.x - x, chip.y - y) > 0.78 * SIZE + radius, `trial ${trial}: an outline`);
      }
      for (const { points } of arrows) {
        for (let share = 0; share <= 1; share += 0.02) {
          const x = points[0] + share * (points[2] - points[0]);
          const y = points[1] + share * (points[3] - points[1]);
          assert.ok(Math.hypot(chip.x - x, chip.y - y) > 0.78 * SIZE + 1, `trial ${trial}: an arrow`);
        }
      }
    }
  }
  assert.ok(placed > 560, `${placed} of 600`);
});

test("of a cluster's several means the one in their middle has the number, for the rows of all", () => {
  const [one, other] = oneACluster([
    { ...meanAt(0, 0, 3), rows: 1 },
    { ...meanAt(9, 9, 5), rows: 7 },
    { ...meanAt(40, 0, 3), rows: 2 },
    { ...meanAt(90, 0, 3), rows: 4 },
  ]);
  assert.deepEqual([one.cluster, one.x, one.rows], [3, 40, 7]);
  assert.deepEqual([other.cluster, other.rows], [5, 7]);
});
