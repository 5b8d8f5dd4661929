import assert from "node:assert/strict";
import { test } from "node:test";
import { curveSvg } from "#src/markup/curve.js";

const OF = { name: "movement", description: "how far", isLogarithmic: true };

/** Heights of the dots, from the first on. */
function heights(svg: string): number[] {
  return [...svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map(([, y]) => Number(y));
}

test("powers of ten are equally far apart, and what is 0 is below them all", () => {
  const points = [1, 0.1, 0.01, 0].map((y, x) => ({ x, y }));
  const [one, tenth, hundredth, nothing] = heights(curveSvg({ ...OF, points }));
  assert.ok(Math.abs(tenth - one - (hundredth - tenth)) < 0.02);
  assert.ok(nothing > hundredth + 5);
});

test("where nothing is known the line has a gap", () => {
  const points = [3, 2, null, 2, 1].map((y, x) => ({ x, y }));
  const svg = curveSvg({ ...OF, isLogarithmic: false, points });
  assert.equal(svg.match(/<polyline/g)!.length, 2);
  assert.equal(heights(svg).length, 4);
});

test("the level has its line and its name, and rounds are whole numbers", () => {
  const svg = curveSvg({
    ...OF,
    points: [1, 0.5].map((y, x) => ({ x: x + 1, y })),
    level: { y: 1e-4, name: "tolerance" },
  });
  assert.match(svg, /stroke-dasharray.*>tolerance</s);
  assert.deepEqual(
    [...svg.matchAll(/text-anchor="middle"[^>]*>([^<]*)</g)].map(([, label]) => label),
    ["1", "2"],
  );
});
