import assert from "node:assert/strict";
import { test } from "node:test";
import { clusterStyle, N_STYLES } from "#src/scene/marks/theme.js";

test("up to 72 clusters differ in colour or marker, and neighbours among the first 56 in both", () => {
  const styles = Array.from({ length: 72 }, (_, cluster) => clusterStyle(cluster));
  assert.equal(new Set(styles.map((style) => JSON.stringify(style))).size, 72);
  assert.equal(N_STYLES, 72);
  for (let i = 1; i < 56; i++) {
    assert.notEqual(styles[i].color, styles[i - 1].color);
    assert.notEqual(styles[i].shape, styles[i - 1].shape);
  }
});
