import assert from "node:assert/strict";
import { test } from "node:test";
import { fitTables } from "#src/jupyter/page/fit-tables.js";

const table = (columns: number, cell: string) =>
  `<table><tr>${`<th>a heading</th>`.repeat(columns)}</tr><tr>${`<td>${cell}</td>`.repeat(columns)}</tr></table>`;

test("a table says how wide it is, and one that is too wide for an upright page says so", () => {
  const ems = (html: string) => Number(/--ems:(\d+)"/.exec(fitTables(html))![1]);
  // Of "a heading" the longest word counts, 7 letters; entities and tags are no letters.
  assert.equal(ems(table(1, "12")), Math.ceil(0.65 * 7 + 1));
  assert.equal(ems(table(1, "<b>123456789</b>&lt;")), Math.ceil(0.65 * 10 + 1));
  assert.equal(ems(table(2, "x".repeat(500))), Math.ceil(2 * (0.65 * 36 + 1)));
  assert.doesNotMatch(fitTables(table(5, "1.234")), /class="table wide"/);
  assert.match(
    fitTables(table(30, "1.234")),
    /^<div class="table wide" tabindex="0" role="group" aria-label="Table" style="--ems:\d+"><table>/,
  );
  assert.equal(fitTables("<p>none</p>"), "<p>none</p>");
});
