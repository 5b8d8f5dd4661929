import assert from "node:assert/strict";
import { test } from "node:test";
import { contentOf } from "#src/notebook/output/display.js";
import { ownContent } from "#src/notebook/output/foreign.js";

const DISPLAY = Symbol.for("Jupyter.display");

/** As a table of Arquero: its rows by a method that takes a limit. */
class ColumnTable {
  readonly data = [
    { a: 1.5, b: "x" },
    { a: 20, b: "y" },
    { a: 3, b: "z" },
  ];
  objects({ limit = Number.POSITIVE_INFINITY } = {}): object[] {
    return this.data.slice(0, limit);
  }
  numRows(): number {
    return this.data.length;
  }
  toHTML(): string {
    return "<table>of its own</table>";
  }
}

/** As a data frame of polars. */
class DataFrame {
  constructor(readonly rows = [{ a: 1.5 }, { a: 20 }, { a: 3 }]) {}
  get height(): number {
    return this.rows.length;
  }
  head(length: number): DataFrame {
    return new DataFrame(this.rows.slice(0, length));
  }
  toRecords(): object[] {
    return this.rows;
  }
  [DISPLAY](): object {
    throw new Error("its own form has all rows");
  }
}

test("a plot is the picture that its element is, and one with a title the page", () => {
  const outerHTML = '<svg fill="currentColor" viewBox="0 0 9 9"><title>of a mark</title></svg>';
  const { svg } = contentOf({ outerHTML, scale: () => {} });
  assert.match(svg!, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" fill=/);
  const figure = contentOf({
    outerHTML: `<figure><style>p { color: red }</style><h2>A &amp; B</h2>${outerHTML}</figure>`,
  });
  assert.match(figure.html!, /^<div style="background:#fff;color:#000[^>]*><figure>.*<\/figure><\/div>$/);
  assert.equal(figure.text, "A & B");
  assert.deepEqual(contentOf({ outerHTML: "<p>words</p>" }), { html: "<p>words</p>", text: "words" });
});

test("a table of another package is shown as ours, of which it makes only the rows shown", () => {
  const look = { caption: "c", maxRows: 2 };
  const { text } = contentOf(new ColumnTable(), look);
  assert.equal(text, "c\n\na     b\n----  -\n1.5   x\n20.0  y\nand 1 more row");
  assert.equal(contentOf(new DataFrame(), look).text, "c\n\na\n----\n1.5\n20.0\nand 1 more row");
  assert.equal(contentOf({ toRecords: () => [{ a: 1 }] }).text, "a\n-\n1\n");
});

test("an object without rows is shown by its toHTML", () => {
  assert.deepEqual(contentOf({ toHTML: () => "<b>bold</b>" }), { html: "<b>bold</b>", text: "bold" });
  assert.match(contentOf({ toHTML: () => 3, objects: () => 5 }).text, /^\{ toHTML: /);
});

test("an object that says its own forms is shown in them, and its SVG as a picture", async () => {
  const forms = { "text/markdown": "**a**", "image/svg+xml": "<svg></svg>" };
  const content = await ownContent({ [DISPLAY]: async () => forms });
  assert.deepEqual(content?.media, { "text/markdown": "**a**" });
  assert.equal(content?.svg, '<svg xmlns="http://www.w3.org/2000/svg"></svg>');
  assert.deepEqual(await ownContent({ [DISPLAY]: () => ({}) }), { text: "" });
  for (const other of [{}, { [DISPLAY]: 3 }, { [DISPLAY]: () => "a" }, "a", null])
    assert.equal(await ownContent(other), null);
  await assert.rejects(ownContent({ [DISPLAY]: () => Promise.reject(new Error("no form")) }), /no form/);
});
