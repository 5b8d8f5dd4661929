import assert from "node:assert/strict";
import { test } from "node:test";
import { scatterMatrixSvg } from "#src/markup/scatter-matrix.js";

const columns = (n: number) => [
  { name: "length", values: Float64Array.from({ length: n }, (_, i) => i % 17) },
  { name: "depth", values: Float64Array.from({ length: n }, (_, i) => (i * i) % 23) },
  { name: "mass", values: Float64Array.from({ length: n }, (_, i) => (i === 0 ? Number.NaN : i % 5)) },
];

const draw = (n: number) =>
  scatterMatrixSvg({
    features: columns(n),
    colour: Int32Array.from({ length: n }, (_, i) => i % 2),
    categories: ["a", "b"],
    title: "",
    description: "",
  });

test("each pair is drawn once, and the heights on the diagonal are in proportion to the counts", () => {
  const svg = draw(100);
  assert.equal(svg.match(/<g transform/g)!.length, 3);
  assert.equal(svg.match(/<path d="M[^"]*"\/>/g)!.length, 100 + 99 + 99);
  assert.match(svg, />1 at most of a panel lack one of its values: not drawn</);
  const heights = [...svg.matchAll(/<rect [^>]*height="([\d.]+)" fill="#0072b2"/g)].map(([, height]) =>
    Number(height),
  );
  const bars = [...svg.matchAll(/<rect x="([\d.]+)" [^>]*height="([\d.]+)" fill="#(?:0072b2|e69f00)"/g)];
  assert.ok(heights.length > 10 && bars.length > heights.length);
  // A diagonal panel holds each point once: unit times the counts of its values.
  const [left, right] = [0, 1].map(() => new Map<number, number>());
  for (const [, x, height] of bars) {
    const to = Number(x) < 260 ? left : right;
    to.set(Number(x), (to.get(Number(x)) ?? 0) + Number(height));
  }
  const totals = [...left.values()];
  const unit = Math.max(...totals) / Math.max(...countsOf(columns(100)[0].values));
  const found = totals.map((height) => height / unit);
  for (const count of found) assert.ok(Math.abs(count - Math.round(count)) < 0.02, `${found}`);
  assert.equal(
    found.reduce((sum, count) => sum + Math.round(count), 0),
    100,
  );
});

test("many points are counted in hexagons", () => {
  assert.doesNotMatch(draw(3000), /in a hexagon/);
  assert.match(draw(6000), /in a hexagon/);
});

/** How often each value comes: 17 values have a bar each of twenty. */
function countsOf(values: Float64Array): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}
