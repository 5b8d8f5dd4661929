import assert from "node:assert/strict";
import { test } from "node:test";
import { captionsIn, numberFigures } from "#src/jupyter/page/figures.js";

const none = () => ({ figure: null, table: null });

test("captions are numbered where they are, figures and tables each from 1", () => {
  const numbers = { figures: 0, tables: 0 };
  assert.equal(
    numberFigures("<table><caption>rows</caption><tr></tr></table><table><tr></tr></table>", numbers, none()),
    "<table><caption><strong>Table 1.</strong> rows</caption><tr></tr></table><table><tr></tr></table>",
  );
  assert.equal(
    numberFigures('<figure><img src="x" alt="a"><figcaption>means</figcaption></figure>', numbers, none()),
    '<figure><img src="x" alt="a"><figcaption><strong>Figure 1.</strong> means</figcaption></figure>',
  );
  assert.equal(
    numberFigures('<img alt="k &amp; inertia" src="x">', numbers, none()),
    '<figure><img alt="k &amp; inertia" src="x"><figcaption><strong>Figure 2.</strong> k &amp; inertia</figcaption></figure>',
  );
  // Where a description only stands for one, SVG's own is told.
  const described = (svg: string) =>
    numberFigures(
      `<img alt="(a picture)" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`,
      { figures: 2, tables: 0 },
      none(),
    );
  assert.match(described("<svg><title>a &lt; b</title></svg>"), /<strong>Figure 3\.<\/strong> a &lt; b</);
  assert.match(
    described("<svg><title>x</title><desc>lines by k: 2, 3</desc></svg>"),
    /<strong>Figure 3\.<\/strong> lines by k</,
  );
  assert.doesNotMatch(described("<svg><g/></svg>"), /figure/);
  const picture = '<img alt="(a picture: 300 characters of SVG)" src="x">';
  assert.equal(numberFigures(picture, numbers, none()), picture);
  assert.deepEqual(numbers, { figures: 2, tables: 1 });
});

test("a cell's own caption is the first picture's, and replaces its description", () => {
  const own = captionsIn('//| fig-cap: "Means <and> rows"\n//| tbl-cap: Sizes\nawait fk.display(x);');
  assert.deepEqual(own, { figure: "Means <and> rows", table: "Sizes" });
  const numbers = { figures: 0, tables: 0 };
  const html = numberFigures('<svg></svg><img alt="b" src="x"><table></table>', numbers, own);
  assert.match(html, /<svg><\/svg><figcaption><strong>Figure 1\.<\/strong> Means &lt;and&gt; rows</);
  assert.match(html, /<strong>Figure 2\.<\/strong> b</);
  assert.match(html, /<table><caption><strong>Table 1\.<\/strong> Sizes<\/caption>/);
  assert.deepEqual(own, none());
});
