import assert from "node:assert/strict";
import { test } from "node:test";
import { principalAxes } from "#src/read/principal-axes.js";

/** Points about a line through (3, 3, ...), with the second feature spread half as wide. */
function pointsAt(scale: number, d: number): Float64Array {
  return Float64Array.from({ length: 40 * d }, (_, i) => {
    const [row, f] = [Math.floor(i / d), i % d];
    return scale * (3 + Math.sin(7 * row + f) / (f + 1));
  });
}

test("axes and shares are the same at any scale that points can have", () => {
  for (const d of [3, 401]) {
    const usual = principalAxes([pointsAt(1, d)], d);
    assert.ok(usual.ratio[0] > usual.ratio[1] && usual.ratio[1] > 0);
    for (const scale of [2 ** -900, 2 ** -300, 2 ** 332, 2 ** 1000]) {
      const { mean, components, ratio } = principalAxes([pointsAt(scale, d)], d);
      assert.deepEqual([components, ratio], [usual.components, usual.ratio], `${d} features, ${scale}`);
      assert.deepEqual(
        mean,
        usual.mean.map((value) => value * scale),
      );
    }
  }
});
