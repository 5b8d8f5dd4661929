import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mark } from "#src/scene/marks/marks.js";
import { THEMES } from "#src/scene/marks/theme.js";
import { heatMarks, namesWidth } from "#src/scene/poster/heat-map.js";
import { heatTable } from "#src/scene/poster/heat-table.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { sampleExperiment } from "../../support/sample.js";
import { inside, OPTIONS } from "../../support/scene.js";

const AREA = { x: 50, y: 100, width: 420, height: 260 };
const tableOf = (options: Parameters<typeof sampleExperiment>[0]) =>
  heatTable(stageOf(sampleExperiment(options), OPTIONS));
const textsAt = (marks: readonly Mark[]) => marks.flatMap((mark) => (mark.kind === "text" ? [mark] : []));

test("the numbers in the heat map are the rows of all clients, and so are the sums", () => {
  const table = tableOf({ nClients: 5, rowsPerClient: 60 });
  const texts = textsAt(heatMarks(table, 4, AREA, THEMES.light));
  const counts = texts.filter(
    ({ align, weight, text }) => align === "center" && weight !== "semibold" && /^\d+$/.test(text),
  );
  assert.equal(counts.length, 5 * 4);
  assert.equal(
    counts.reduce((sum, { text }) => sum + Number(text), 0),
    300,
  );
  const sums = texts.filter(
    ({ align, weight, y }) => align === "center" && weight === "semibold" && y > AREA.y + 60,
  );
  assert.deepEqual(
    sums.map(({ text }) => Number(text)),
    table.totals,
  );
  assert.ok(texts.some(({ text, weight }) => text === "300" && weight === "semibold"));
});

test("a larger share is a darker cell, and the darkest is the largest share", () => {
  const table = tableOf({ nClients: 3 });
  const cells = heatMarks(table, 4, AREA, THEMES.light).flatMap((mark) =>
    mark.kind === "rect" && mark.radius === 2.5 ? [mark] : [],
  );
  const light = (fill: string) =>
    [1, 3, 5].reduce((sum, at) => sum + Number.parseInt(fill.slice(at, at + 2), 16), 0);
  for (let cluster = 0; cluster < 4; cluster++) {
    const column = table.rows.map(({ counts, total }, row) => ({
      share: counts![cluster] / total,
      light: light(cells[row * 4 + cluster].fill!),
    }));
    for (const a of column) for (const b of column) if (a.share > b.share) assert.ok(a.light < b.light);
  }
});

test("what is withheld is dashed, and the legend says so only then", () => {
  const dashed = (marks: readonly Mark[]) =>
    marks.filter((mark) => mark.kind === "line" && mark.dash !== undefined);
  const marks = heatMarks(tableOf({ nClients: 3 }), 4, AREA, THEMES.light);
  // One cell a client, and the sample in the legend.
  assert.equal(dashed(marks).length, 3 + 1);
  assert.ok(textsAt(marks).some(({ text }) => text === "withheld"));
  const without = heatMarks(tableOf({ nClients: 3, groups: "drawn" }), 4, AREA, THEMES.light);
  assert.equal(dashed(without).length, 0);
  assert.ok(!textsAt(without).some(({ text }) => text === "withheld"));
});

test("all of it is inside its panel, of few clients and many, few clusters and many", () => {
  for (const [nClients, k] of [
    [1, 2],
    [12, 4],
    [40, 30],
    [200, 5],
  ]) {
    const table = tableOf({ nClients, k, rowsPerClient: 2 * k });
    const area = { ...AREA, width: namesWidth(table) + Math.max(250, 8 * k) };
    const marks = heatMarks(table, k, area, THEMES.dark);
    for (const mark of marks) {
      if (mark.kind !== "text" && mark.kind !== "rect" && mark.kind !== "symbol") continue;
      assert.ok(inside(mark, area), `${nClients} clients, ${k} clusters: ${JSON.stringify(mark)}`);
    }
  }
});

test("of counts that nobody knows there is no sum", () => {
  const experiment = sampleExperiment({ noise: 1, withRows: false });
  const texts = textsAt(heatMarks(heatTable(stageOf(experiment, OPTIONS)), 4, AREA, THEMES.light));
  const said = texts.map(({ text }) => text);
  assert.equal(said.filter((text) => text === "not recorded").length, 3);
  assert.ok(!said.includes("All") && !said.some((text) => /%/.test(text)));
});
