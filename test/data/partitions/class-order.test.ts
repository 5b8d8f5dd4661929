import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareClasses } from "#src/data/partitions/class-order.js";
import { compareNatural } from "#src/files/natural-order.js";

test("names sort as people count", () => {
  const sorted = ["a", "client_01", "client_1", "client_2", "client_10", "client_10b", "é"];
  assert.deepEqual([...sorted].reverse().sort(compareNatural), sorted);
});

test("digits too many for a float64 still compare exactly", () => {
  assert.ok(compareNatural("9007199254740993", "9007199254740992") > 0);
});

test("classes sort numbers by value before text", () => {
  assert.deepEqual(["b", "10", "-1", "2.5", "a", "2"].sort(compareClasses), [
    "-1",
    "2",
    "2.5",
    "10",
    "a",
    "b",
  ]);
});

for (const compare of [compareNatural, compareClasses]) {
  test(`${compare.name} is a total order`, () => {
    const names = fc.string({ unit: fc.constantFrom("0", "1", "9", "a", "b", "-", "."), maxLength: 5 });
    fc.assert(
      fc.property(names, names, names, (a, b, c) => {
        assert.equal(Math.sign(compare(a, b)), -Math.sign(compare(b, a)) + 0);
        assert.equal(compare(a, b) === 0, a === b);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0);
      }),
      { numRuns: 20_000 },
    );
  });
}
