import assert from "node:assert/strict";
import { test } from "node:test";
import { countText, digitsAmong, measureText, withSeparators } from "#src/scene/text/numbers.js";

test("counts and measures have separators between thousands, and none behind the point", () => {
  assert.equal(countText(12345), "12,345");
  assert.equal(measureText(10020.3), "10,020");
  assert.equal(measureText(80620), "80,620");
  assert.equal(measureText(0.12345), "0.1235");
  assert.equal(withSeparators("1234567.8912345"), "1,234,567.8912345");
});

test("very small and very large measures are powers of ten, none is a dash", () => {
  assert.equal(measureText(1e-4), "1.0e-4");
  assert.equal(measureText(9.87e9), "9.9e9");
  assert.equal(measureText(0), "0");
  assert.equal(measureText(null), "–");
});

test("measures get as many digits as tell apart what is not the same", () => {
  assert.equal(digitsAmong([1500, 1400, 1400]), 4);
  assert.equal(digitsAmong([246.594, 246.622]), 5);
  assert.equal(digitsAmong([1, 1 + 1e-14]), 4);
  assert.equal(digitsAmong([null, 3]), 4);
});
