import assert from "node:assert/strict";
import { test } from "node:test";
import { ON_PAGE } from "#src/markup/palette.js";
import { type Scatter, type ScatterPanel, scatterSvg } from "#src/markup/scatter.js";

const panelOf = (points: readonly (readonly [number, number, number])[], more = {}): ScatterPanel => ({
  title: "",
  x: Float64Array.from(points, ([x]) => x),
  y: Float64Array.from(points, ([, y]) => y),
  colour: Int32Array.from(points, ([, , category]) => category),
  ...more,
});

const draw = (panels: readonly ScatterPanel[], more: Partial<Scatter> = {}) =>
  scatterSvg({
    panels,
    xName: "length",
    yName: "depth",
    categories: ["a", "b", "c"],
    title: "Points",
    description: "Some points.",
    ...more,
  });

/** The content of each panel. */
const panelsIn = (svg: string) => svg.split('<g transform="translate(').slice(1);

/** Middles of the circles of a panel, which stand for the first category and are written from their left. */
function circles(panel: string): [number, number][] {
  return [...panel.matchAll(/<path d="M([\d.]+) ([\d.]+)a([\d.]+) /g)].map(([, left, y, r]) => [
    Number(left) + Number(r),
    Number(y),
  ]);
}

test("points lie on linear axes, y upwards, that all panels share", () => {
  const svg = draw([
    panelOf([
      [0, 0, 0],
      [10, 5, 0],
    ]),
    panelOf([
      [5, 2.5, 0],
      [10, 5, 0],
    ]),
  ]);
  const [[low, high], [middle, same]] = panelsIn(svg).map(circles);
  assert.ok(low[0] < high[0] && low[1] > high[1]);
  assert.ok(Math.abs((low[0] + high[0]) / 2 - middle[0]) <= 0.3);
  assert.ok(Math.abs((low[1] + high[1]) / 2 - middle[1]) <= 0.3);
  assert.deepEqual(same, high);
});

test("a category has a colour and a shape, and a line of the legend where a point is of it", () => {
  const svg = draw([
    panelOf([
      [0, 0, 0],
      [1, 1, 2],
      [2, 1, -1],
    ]),
  ]);
  const groups = [...svg.matchAll(/<g fill="(#\w+)"[^>]*>(.*?)<\/g>/g)].map(([, fill, marks]) => [
    fill,
    (marks.match(/[a-zL]/g) ?? []).join("").replace(/path|d/g, ""),
  ]);
  assert.equal(new Set(groups.map(([fill]) => fill)).size, 3);
  assert.equal(groups.length, 3);
  assert.match(svg, />a</);
  assert.match(svg, />c</);
  assert.match(svg, />none</);
  assert.doesNotMatch(svg, />b</);
});

test("the smallest category is drawn last, where others would hide it", () => {
  const svg = draw([panelOf([...Array(9).fill([1, 1, 1]), [1, 1, 0], [1, 1, 0], [1, 1, 2]])]);
  const sizes = [...svg.matchAll(/<g fill="#\w+"[^>]*>(.*?)<\/g>/g)].map(
    ([, marks]) => marks.match(/<path/g)!.length,
  );
  assert.deepEqual(sizes, [9, 2, 1]);
});

test("points without x or y are left out and counted", () => {
  const svg = draw([
    panelOf([
      [Number.NaN, 1, 0],
      [1, Number.POSITIVE_INFINITY, 0],
      [1, 1, 0],
      [2, 2, 0],
    ]),
  ]);
  assert.match(svg, />2 without a value of both axes: not drawn</);
  assert.equal(circles(panelsIn(svg)[0]).length, 2);
  assert.doesNotMatch(svg, /NaN|Infinity/);
  assert.doesNotMatch(draw([panelOf([[1, 1, 0]])]), /not drawn/);
});

test("more than 5,000 points are counted in hexagons, and the legend says so", () => {
  const points = (n: number) => Array.from({ length: n }, (_, i) => [i % 71, i % 73, i % 3] as const);
  assert.doesNotMatch(draw([panelOf(points(5000))]), /hexagon/);
  const svg = draw([panelOf(points(5001))]);
  assert.match(svg, /points in a hexagon, which has the colour of most of them</);
  assert.ok(svg.length < 100_000);
  const plain = draw([{ ...panelOf(points(5001)), colour: null }], { categories: null });
  assert.match(plain, /points in a hexagon</);
});

test("means have their labels, and stand apart where they are at the same place", () => {
  const mean = (label: string, x: number) => ({ x, y: 1, label, colour: Number(label) });
  const means = [mean("0", 1), mean("1", 1), mean("2", 9)];
  const svg = draw([panelOf([[1, 1, 0]], { means })]);
  const labels = [...panelsIn(svg)[0].matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>(\d)</g)].map(
    ([, x, y, label]) => ({ x: Number(x), y: Number(y), label }),
  );
  assert.deepEqual(
    labels.map(({ label }) => label),
    ["0", "1", "2"],
  );
  for (const [i, a] of labels.entries()) {
    for (const b of labels.slice(i + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) >= 18, `${a.x} ${b.x}`);
  }
  assert.match(svg, />global mean</);
});

test("a mean that may be off has a disc of its error along both axes, within the picture", () => {
  const mean = (x: number, error?: number) => ({ x, y: x, label: "0", colour: 0, ...(error && { error }) });
  const points = panelOf([
    [0, 0, 0],
    [10, 10, 0],
  ]);
  const [panel] = panelsIn(draw([{ ...points, means: [mean(5, 2), mean(1)] }]));
  const discs = [...panel.matchAll(/<ellipse cx="([\d.]+)" cy="([\d.]+)" rx="([\d.]+)" ry="([\d.]+)"/g)];
  assert.equal(discs.length, 1);
  const [, , , rx, ry] = discs[0].map(Number);
  const [a, b] = circles(panel);
  assert.ok(Math.abs((b[0] - a[0]) / 5 - rx) < 0.3);
  assert.ok(Math.abs((a[1] - b[1]) / 5 - ry) < 0.3);
  const [far] = panelsIn(draw([{ ...points, means: [mean(12, 3)] }]));
  const [, cx, , r] = far.match(/<ellipse cx="([\d.]+)" cy="([\d.]+)" rx="([\d.]+)"/)!.map(Number);
  assert.ok(cx + r <= 720);
});

test("with equal units a step is as long along y as along x", () => {
  const svg = draw(
    [
      panelOf([
        [0, 0, 0],
        [10, 1, 0],
      ]),
    ],
    { isEqual: true },
  );
  const [[a, b]] = panelsIn(svg).map(circles);
  assert.ok(Math.abs((b[0] - a[0]) / 10 - (a[1] - b[1])) < 0.3);
});

test("a panel shows the others' points where that is asked for, written once", () => {
  const panels = [panelOf([[0, 0, 0]]), panelOf([[1, 1, 0]])];
  const svg = draw(panels, { hasContext: true });
  const [, id] = /<path id="([\w-]+)" d="M[\d.]+ [\d.]+h0M[\d.]+ [\d.]+h0"/.exec(svg)!;
  assert.equal(svg.split(`href="#${id}"`).length, 3);
  assert.doesNotMatch(draw(panels), /<use/);
});

test("a picture says what it is, escapes names, and is the same each time", () => {
  const panels = [panelOf([[0, 0, 0]], { title: "<north> & south" })];
  const svg = draw(panels);
  assert.match(svg, /role="img"[^>]*>\n<title>Points<\/title>\n<desc>Some points\.<\/desc>/);
  assert.match(svg, /&lt;north&gt; &amp; south/);
  assert.equal(draw(panels), svg);
  assert.match(draw(panels, { title: "" }), /<title>depth by length<\/title>/);
});

test("on a page all but the marks follows the page", () => {
  const svg = draw([panelOf([[0, 0, 0]])], { ink: ON_PAGE });
  const [, root] = /<svg[^>]* fill="([^"]*)"/.exec(svg)!;
  assert.equal(root, ON_PAGE.text);
  assert.doesNotMatch(svg, /<rect x="0" y="0"/);
  assert.match(svg, /stroke="var\(--paper, #fff\)"/);
});

test("a constant column and an empty panel are drawn", () => {
  const svg = draw([
    panelOf([
      [3, 7, 0],
      [3, 8, 0],
    ]),
    panelOf([]),
  ]);
  assert.doesNotMatch(svg, /NaN|Infinity/);
  assert.equal(circles(panelsIn(svg)[0]).length, 2);
});
