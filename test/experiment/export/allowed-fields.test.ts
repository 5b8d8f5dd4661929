import assert from "node:assert/strict";
import { test } from "node:test";
import { allowedOf } from "#src/experiment/export/allowed-fields.js";

test("fields stay that are named, in the order in which they are, and no others at any depth", () => {
  const value = {
    secret: 1,
    b: { c: [1, "x", null], secret: [2] },
    a: "kept",
    list: [{ d: true, secret: 3 }, { secret: 4 }],
    counts: { north: 3, south: 0 },
  };
  const kept = allowedOf(value, {
    a: true,
    b: { c: true },
    list: [{ d: true }],
    counts: { "*": true },
    gone: true,
  });
  assert.equal(
    JSON.stringify(kept),
    '{"a":"kept","b":{"c":[1,"x",null]},"list":[{"d":true},{}],"counts":{"north":3,"south":0}}',
  );
});

test("what is of another kind than was allowed does not stay, so that nothing hides in it", () => {
  const value = {
    scalar: { row: [1.5] },
    lists: [[1.5]],
    object: 1.5,
    list: 1.5,
    entries: [1.5, { a: 1 }],
    none: null,
  };
  const kept = allowedOf(value, {
    scalar: true,
    lists: true,
    object: { a: true },
    list: [{ a: true }],
    entries: [{ a: true }],
    none: { a: true },
  });
  assert.equal(JSON.stringify(kept), '{"entries":[{"a":1}],"none":null}');
});
