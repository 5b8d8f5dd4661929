import assert from "node:assert/strict";
import { test } from "node:test";
import { chart } from "#src/markup/chart.js";
import { ON_PAGE } from "#src/markup/palette.js";
import { element, text } from "#src/markup/svg.js";

/** The attributes of every element of a name, in the order they are drawn. */
function elements(svg: string, name: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${name}((?: [\\w-]+="[^"]*")*)`, "g"))].map(([, attributes]) =>
    Object.fromEntries(
      [...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    ),
  );
}

test("attributes and text are escaped, numbers are short", () => {
  assert.equal(element("g", { id: 'a"<', x: 1 / 3 }), '<g id="a&quot;&lt;" x="0.33"/>');
  assert.equal(text(-0.001, 2, "a < b & c"), '<text x="0" y="2">a &lt; b &amp; c</text>');
});

test("points lie on a linear scale, in the order of x, with an interval only where one is given", () => {
  const points = [
    { x: 2, y: 10, low: 5, high: 15 },
    { x: 0, y: 0, low: null },
    { x: 1, y: 20 },
  ];
  const svg = chart([{ title: "t", xLabel: "x", yLabel: "y", series: [{ name: "", points }] }]);
  const circles = elements(svg, "circle").map(({ cx, cy }) => [Number(cx), Number(cy)]);
  assert.equal(circles.length, 3);
  const [[x0, y0], [x1, y1], [x2, y2]] = circles;
  assert.ok(x0 < x1 && Math.abs(x1 - x0 - (x2 - x1)) < 0.02, `${circles}`);
  assert.ok(y1 < y2 && Math.abs((y0 - y1) / 2 - (y0 - y2)) < 0.02, `${circles}`);
  assert.deepEqual(
    elements(svg, "polyline").map(({ points }) => points),
    [circles.map((point) => point.join(",")).join(" ")],
  );
  const [{ fill }] = elements(svg, "circle");
  const intervals = elements(svg, "line").filter(({ stroke }) => stroke === fill);
  assert.deepEqual(
    intervals.map(({ x1, x2 }) => [Number(x1), Number(x2)]),
    [[x2, x2]],
  );
  const [{ y1: low, y2: high }] = intervals;
  assert.ok(Math.abs((Number(low) + Number(high)) / 2 - y2) < 0.02);
});

test("categories are not joined, lines are told apart by colour and marker, and a mark points out its value", () => {
  const one = (name: string, y: number) => ({
    name,
    points: [
      { x: "b", y },
      { x: "a", y: y + 1 },
    ],
  });
  const panel = { title: "", xLabel: "", yLabel: "", series: [one("first", 0), one("second", 3)] };
  const svg = chart([{ ...panel, categories: ["a", "b"], mark: 1 }, panel]);
  const fills = (name: string) => new Set(elements(svg, name).map(({ fill }) => fill));
  assert.equal(fills("circle").size, 1);
  assert.equal(fills("path").size, 1);
  assert.equal(elements(svg, "polyline").length, 2);
  assert.equal(elements(svg, "line").filter((line) => line["stroke-dasharray"] !== undefined).length, 1);
});

const LINE = { title: "Inertia < 9", xLabel: "k", yLabel: "inertia" };

test("a chart says in words what is in it", () => {
  const points = [
    { x: 2, y: 10, low: 9, high: 11 },
    { x: 3, y: 1 / 3 },
  ];
  const svg = chart([{ ...LINE, series: [{ name: "fkm", points }] }]);
  assert.match(svg, /role="img"/);
  assert.match(
    svg,
    /<title>Inertia &lt; 9<\/title>\n<desc>inertia by k: fkm 2: 10 \(9 to 11\), 3: 0\.3333\.<\/desc>/,
  );
});

test("names stand at the ends of their lines without touching, and below where there is no room", () => {
  const series = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      name: `line ${i}`,
      points: [
        { x: 0, y: i },
        { x: 1, y: 1 + i / 1000 },
      ],
    }));
  for (const count of [3, 12, 60]) {
    const svg = chart([{ ...LINE, series: series(count) }]);
    const names = elements(svg, "text").filter((_, i) =>
      />line \d+</.test(svg.match(/<text[^>]*>[^<]*</g)![i]),
    );
    assert.equal(names.length, count);
    const places = names.map(({ x, y }) => `${x} ${y}`);
    assert.equal(new Set(places).size, count);
    const [{ height, width }] = elements(svg, "svg");
    for (const { x, y } of names) assert.ok(Number(x) < Number(width) && Number(y) < Number(height));
    for (const [i, a] of names.entries()) {
      for (const b of names.slice(i + 1)) {
        assert.ok(a.x !== b.x || Math.abs(Number(a.y) - Number(b.y)) >= 16, `${count}: ${a.y} and ${b.y}`);
      }
    }
  }
});

test("values over more than a decade stand by their logarithms, so that none hides another", () => {
  const xs = [1, 2, 10, 100];
  const svg = chart([{ ...LINE, series: [{ name: "", points: xs.map((x) => ({ x, y: 1 })) }] }]);
  const [a, b, c, d] = elements(svg, "circle").map(({ cx }) => Number(cx));
  assert.ok(Math.abs((d - c) / (c - a) - 1) < 0.01);
  assert.ok(b - a > 50);
});

test("labels of categories that would touch are turned", () => {
  const categories = Array.from({ length: 12 }, (_, i) => `logs/sweep/a-rather-long-name-${i}`);
  const points = categories.map((x, i) => ({ x, y: i }));
  const turned = chart([{ ...LINE, categories, series: [{ name: "", points }] }]);
  const labels = elements(turned, "text").filter(({ transform }) => transform !== undefined);
  assert.equal(labels.length, 12);
  assert.ok(Number(elements(turned, "svg")[0].height) > 400);
  const short = chart([
    { ...LINE, categories: ["a", "b"], series: [{ name: "", points: [{ x: "a", y: 1 }] }] },
  ]);
  assert.equal(elements(short, "text").filter(({ transform }) => transform !== undefined).length, 0);
});

test("a chart on a page takes the page's colours and brings no paper", () => {
  const panel = { ...LINE, series: ["a", "b"].map((name, i) => ({ name, points: [{ x: 1, y: i }] })) };
  const svg = chart([panel], { ink: ON_PAGE, width: 500 });
  assert.equal(elements(svg, "svg")[0].width, "500");
  const coloured = ["text", "line", "rect", "svg"].flatMap((name) =>
    elements(svg, name).flatMap(({ fill, stroke }) => [fill, stroke]),
  );
  coloured.push(...elements(svg, "path").map(({ stroke }) => stroke));
  const hex = coloured.filter((colour) => colour?.startsWith("#"));
  assert.deepEqual(hex, []);
  assert.ok(coloured.includes("var(--text, #16191d)") && coloured.includes("var(--paper, #fff)"));
  assert.match(chart([panel]), /<rect x="0" y="0" width="720"/);
});

const panelOf = (title: string, yLabel: string, ys: readonly number[], names = ["a", "b"]) => ({
  title,
  xLabel: "k",
  yLabel,
  series: names.map((name, s) => ({
    name,
    points: ys.map((y, i) => ({ x: i, y: y + s, low: y + s - 1, high: y + s + 1 })),
  })),
});

test("lines on a numeric axis stand at their values, however many there are", () => {
  const series = Array.from({ length: 8 }, (_, i) => ({
    name: `${i}`,
    points: [1, 2, 3].map((x) => ({ x, y: i })),
  }));
  const svg = chart([{ ...LINE, series }]);
  const ways = elements(svg, "polyline").map(({ points }) =>
    points.split(" ").map((point) => point.split(",")[0]),
  );
  assert.equal(ways.length, 8);
  for (const way of ways) assert.deepEqual(way, ways[0]);
  const looks = elements(svg, "polyline").map(({ stroke }) => stroke);
  assert.equal(new Set(looks).size, 8);
});

test("intervals may be areas, below all lines", () => {
  const svg = chart([panelOf("", "y", [1, 2, 4])], { intervals: "bands" });
  assert.equal(elements(svg, "polygon").length, 2);
  assert.ok(svg.lastIndexOf("<polygon") < svg.indexOf("<polyline"));
  const [{ points, fill }] = elements(svg, "polygon");
  assert.equal(points.split(" ").length, 6);
  assert.equal(fill, elements(svg, "polyline")[0].stroke);
  const bars = chart([panelOf("", "y", [1, 2, 4])]);
  assert.equal(elements(bars, "polygon").length, 0);
});

test("panels of the same quantity have the same axis, stand side by side, and name their lines once", () => {
  const panels = [panelOf("one", "y", [1, 2]), panelOf("two", "y", [8, 9]), panelOf("three", "z", [1, 2])];
  const svg = chart(panels, { columns: 3, width: 900 });
  const moved = elements(svg, "g").map(({ transform }) => transform.match(/[\d.]+/g)!.map(Number));
  assert.equal(new Set(moved.map(([x]) => x)).size, 3);
  assert.equal(new Set(moved.map(([, y]) => y)).size, 1);
  assert.equal(svg.match(/>a<\/text>/g)!.length, 1);
  const [one, two, three] = svg.split("<g transform").slice(1);
  const ticks = (panel: string) =>
    [...panel.matchAll(/text-anchor="end"[^>]*>([^<]*)</g)].map(([, label]) => label);
  assert.deepEqual(ticks(one), ticks(two));
  assert.notDeepEqual(ticks(one), ticks(three));
  const own = chart(panels, { columns: 3, isShared: false }).split("<g transform").slice(1);
  assert.notDeepEqual(ticks(own[0]), ticks(own[1]));
});

test("a title that is too long for its panel goes on in a second line", () => {
  const title = "Simplified silhouette of all the rows that the clients hold: highest at 3";
  const svg = chart([panelOf(title, "y", [1]), panelOf("b", "y", [1])], { columns: 2, width: 600 });
  const bold = [...svg.matchAll(/font-weight="600"[^>]*>([^<]*)</g)].map(([, words]) => words);
  assert.equal(bold.slice(0, 2).join(" "), title);
});
