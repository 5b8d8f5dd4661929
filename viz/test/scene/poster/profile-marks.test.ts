import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile } from "#src/read/profile.js";
import type { Mark, SymbolMark } from "#src/scene/marks/marks.js";
import { clusterStyle, THEMES } from "#src/scene/marks/theme.js";
import { MOST_FEATURES, profileMarks, shownFeatures } from "#src/scene/poster/profile-marks.js";
import { inside } from "../../support/scene.js";

const AREA = { x: 20, y: 30, width: 500, height: 280 };

function profileOf(p: number, k: number, overall = true): Profile {
  return {
    features: Array.from({ length: p }, (_, f) => `feature_${f}`),
    means: Float64Array.from({ length: k * p }, (_, i) => Math.sin(3 * i) * 10 ** (i % p)),
    k,
    overall: overall ? new Float64Array(p) : null,
    order: Array.from({ length: p }, (_, f) => p - 1 - f),
    isRanked: true,
    isOriginal: true,
  };
}

const symbolsOf = (marks: readonly Mark[]) =>
  marks.filter((mark): mark is SymbolMark => mark.kind === "symbol");

test("every cluster's mean of every feature is drawn, each where its value is on the feature's line", () => {
  const profile = profileOf(3, 4);
  const symbols = symbolsOf(profileMarks(profile, AREA, THEMES.light));
  assert.equal(symbols.length, 12);
  for (const [row, f] of profile.order.entries()) {
    const line = symbols.slice(4 * row, 4 * row + 4);
    assert.deepEqual(
      line.map(({ fill }) => fill),
      [0, 1, 2, 3].map((cluster) => clusterStyle(cluster).color),
    );
    // Three points of one line: equal ratios of distances.
    const value = (cluster: number) => profile.means[cluster * 3 + f];
    const drawn = (line[1].x - line[0].x) / (line[3].x - line[0].x);
    const expected = (value(1) - value(0)) / (value(3) - value(0));
    assert.ok(Math.abs(drawn - expected) < 1e-9);
  }
});

test("a page has room for some features: those of the order's beginning", () => {
  const profile = profileOf(20, 2);
  const shown = shownFeatures(profile);
  assert.deepEqual(shown, profile.order.slice(0, MOST_FEATURES));
  const texts = profileMarks(profile, AREA, THEMES.light).flatMap((mark) =>
    mark.kind === "text" ? [mark.text] : [],
  );
  for (const f of shown) assert.ok(texts.includes(`feature_${f}`));
  assert.ok(!texts.includes("feature_0"));
});

test("the mean of all rows is drawn where it is known", () => {
  const upright = (profile: Profile) =>
    profileMarks(profile, AREA, THEMES.light).filter((mark) => mark.kind === "line" && mark.width === 1.8)
      .length;
  assert.equal(upright(profileOf(3, 4)), 3);
  assert.equal(upright(profileOf(3, 4, false)), 0);
});

test("clusters that are alike have a line, too, and everything is inside", () => {
  for (const [p, k] of [
    [1, 2],
    [2, 60],
    [12, 8],
  ]) {
    const profile = {
      ...profileOf(p, k),
      means: new Float64Array(p * k).fill(7),
      overall: new Float64Array(p).fill(7),
    };
    const marks = [
      ...profileMarks(profile, AREA, THEMES.dark),
      ...profileMarks(profileOf(p, k), AREA, THEMES.dark),
    ];
    for (const mark of marks) {
      if (mark.kind !== "text" && mark.kind !== "symbol") continue;
      assert.ok(Number.isFinite(mark.x) && inside(mark, AREA), JSON.stringify(mark));
    }
  }
});
