import assert from "node:assert/strict";
import { test } from "node:test";
import { chipMarks, type Labelled } from "#src/scene/chips.js";
import type { ChipMark } from "#src/scene/marks.js";
import { THEMES } from "#src/scene/theme.js";
import { draws } from "../support/sample.js";

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

test("where numbers would drown a panel there are none", () => {
  const means = Array.from({ length: 30 }, (_, cluster) => meanAt(50 + cluster, 60, cluster));
  assert.equal(chipsOf(means, { x: 0, y: 0, width: 120, height: 100 }).length, 0);
});
