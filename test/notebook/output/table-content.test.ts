import assert from "node:assert/strict";
import { test } from "node:test";
import { tableContent } from "#src/notebook/output/table-content.js";

test("a table has the columns of all rows shown, escapes its cells, and says how much it leaves out", () => {
  const table = [{ a: 1, b: "<i>" }, { a: null, c: true }, { a: 0.000123456 }];
  const { html, text } = tableContent(table, { caption: "x & y", maxRows: 2 });
  assert.match(html!, /<caption>x &amp; y<\/caption>/);
  assert.match(html!, /<td>1<\/td><td[^>]*>&lt;i&gt;<\/td>/);
  assert.match(html!, /<td>-<\/td><td[^>]*>-<\/td><td[^>]*>yes<\/td>/);
  assert.match(html!, /and 1 more row</);
  assert.match(text, /^x & y\n\na +b +c\n/);
});

test("numbers of a column have their points below one another", () => {
  const table = [
    { mass: 5076, bill: 47.505 },
    { mass: 3733.088, bill: 38.8 },
  ];
  const { text } = tableContent(table, { caption: "", maxRows: 20 });
  assert.equal(text, "mass      bill\n------  ------\n5076.0  47.505\n3733.1  38.800\n");
});

test("of more rows than a page can hold some are shown, and how to have the others is said", () => {
  const table = Array.from({ length: 12_000 }, (_, i) => ({ i }));
  const all = tableContent(table, { caption: "", maxRows: Number.POSITIVE_INFINITY });
  assert.equal(all.html!.split("<tr>").length - 2, 5000);
  assert.match(
    all.html!,
    /<p>and 7,000 more rows: fk\.save\(rows, &quot;rows\.csv&quot;\) writes all of them<\/p>$/,
  );
  assert.match(tableContent(table, { caption: "", maxRows: 5000 }).text, /and 7,000 more rows$/);
});

test("no rows are said to be none", () => {
  assert.deepEqual(tableContent([], { caption: "", maxRows: 20 }), {
    html: "<p>no rows</p>",
    text: "no rows",
  });
});

test("a mean with its deviation stands to the right, as numbers do", () => {
  const table = [
    { key: "a", score: "0.91 ± 0.02" },
    { key: "b", score: "-" },
  ];
  const { html } = tableContent(table, { caption: "", maxRows: 20 });
  assert.match(html!, /<td style="text-align:left">a<\/td><td>0\.91 ± 0\.02<\/td>/);
});
