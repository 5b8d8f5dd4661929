import assert from "node:assert/strict";
import { test } from "node:test";
import { clusterStyle } from "#src/scene/theme.js";

test("up to 56 clusters differ in colour or marker, and neighbours in both", () => {
  const styles = Array.from({ length: 56 }, (_, cluster) => clusterStyle(cluster));
  assert.equal(new Set(styles.map((style) => JSON.stringify(style))).size, 56);
  for (let i = 1; i < 56; i++) {
    assert.notEqual(styles[i].color, styles[i - 1].color);
    assert.notEqual(styles[i].shape, styles[i - 1].shape);
  }
});
