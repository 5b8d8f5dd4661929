import assert from "node:assert/strict";
import { test } from "node:test";
import { mixed, readable } from "#src/scene/marks/colors.js";

test("a mixed colour lies between two", () => {
  assert.equal(mixed("#000000", "#ffffff", 0), "#000000");
  assert.equal(mixed("#000000", "#ffffff", 1), "#ffffff");
  assert.equal(mixed("#102030", "#305070", 0.5), "#203850");
});

test("dark letters stand on light colours and light ones on dark colours", () => {
  const inks = ["#16191d", "#ffffff"];
  assert.equal(readable(inks, "#fbf0d0"), "#16191d");
  assert.equal(readable(inks, "#e69f00"), "#16191d");
  assert.equal(readable(inks, "#0b4f7a"), "#ffffff");
});
