import assert from "node:assert/strict";
import { test } from "node:test";
import { numberColumn } from "#src/markup/number-column.js";

test("a column has the decimals that its largest number needs for five digits, and a few more for small ones", () => {
  const cases: [values: (number | null)[], texts: string[]][] = [
    [
      [5076, 3733.088],
      ["5076.0", "3733.1"],
    ],
    [
      [47.505, 38.8],
      ["47.505", "38.800"],
    ],
    [
      [381.11234, 0.46, null],
      ["381.1123", "0.4600", "-"],
    ],
    [
      [58301.234, 0.9123],
      ["58301.234", "0.912"],
    ],
    [
      [1, 20, 300],
      ["1", "20", "300"],
    ],
    [
      [0.5, 0.25, 0],
      ["0.50", "0.25", "0.00"],
    ],
    [
      [1234567.8, 12],
      ["1234568", "12"],
    ],
    [[], []],
  ];
  for (const [values, texts] of cases) assert.deepEqual(numberColumn(values), texts);
});

test("what would vanish, or is too long, has an exponent, and what is no number keeps its name", () => {
  assert.deepEqual(numberColumn([2.5, 1.23456e-5, 0]), ["2.5", "1.235e-5", "0.0"]);
  assert.deepEqual(numberColumn([2.5, 1.5e7 + 0.25]), ["2.5", "1.500e+7"]);
  assert.deepEqual(numberColumn([Number.NaN, Number.POSITIVE_INFINITY, -1.5]), ["NaN", "Infinity", "-1.5"]);
});

test("no number but a small one loses more than the fifth of its digits", () => {
  for (let e = -2; e < 6; e++) {
    for (let i = 1; i < 10; i++) {
      const value = i * 1.2345678 * 10 ** e;
      if (value >= 1e7) continue;
      assert.ok(Math.abs(Number(numberColumn([value])[0]) / value - 1) < 1e-4, String(value));
    }
  }
});
