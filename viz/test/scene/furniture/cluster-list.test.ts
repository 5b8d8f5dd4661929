import assert from "node:assert/strict";
import { test } from "node:test";
import { clusterList, leastListHeight } from "#src/scene/furniture/cluster-list.js";
import type { Mark } from "#src/scene/marks/marks.js";
import { THEMES } from "#src/scene/marks/theme.js";
import { sampleExperiment } from "../../support/sample.js";

function listed(k: number, width: number, height: number): { marks: Mark[]; texts: string[] } {
  const marks = clusterList(sampleExperiment({ k }), 2, true, { x: 0, y: 0, width, height }, THEMES.light);
  return { marks, texts: marks.flatMap((mark) => (mark.kind === "text" ? [mark.text] : [])) };
}

test("each cluster has its symbol, number and size, apart from each other, up to sixty of them", () => {
  for (const k of [1, 5, 13, 30, 60]) {
    const height = Math.max(leastListHeight(k, 280, 10 * k), 100);
    const { marks, texts } = listed(k, 280, height);
    for (let cluster = 0; cluster < k; cluster++) {
      assert.ok(
        texts.includes(String(cluster)) && texts.includes(String(10 * (cluster + 1))),
        `${cluster} of ${k}`,
      );
    }
    const symbols = marks.flatMap((mark) => (mark.kind === "symbol" ? [mark] : []));
    assert.equal(symbols.length, k);
    for (const [i, a] of symbols.entries()) {
      assert.ok(a.y >= 0 && a.y <= height && a.x <= 280);
      for (const b of symbols.slice(i + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 12);
    }
  }
});

test("of more clusters than there is room for the list says how many are left out", () => {
  const { texts } = listed(60, 200, 60);
  const more = texts.find((text) => text.startsWith("+ "))!;
  const shown = listed(60, 200, 60).marks.filter(({ kind }) => kind === "symbol").length;
  assert.equal(more, `+ ${60 - shown} more`);
});

test("where clusters are so many that some look alike, the list says from which on", () => {
  assert.ok(listed(80, 280, 400).texts.includes("from 72 on, looks repeat"));
  assert.ok(!listed(72, 280, 400).texts.some((text) => text.includes("repeat")));
});
