import assert from "node:assert/strict";
import { test } from "node:test";
import { textWidth } from "#src/scene/text/text-width.js";
import { wrapText } from "#src/scene/text/wrap.js";

const TEXT = "the run was aborted, as three clients could not be reached, and is drawn up to round 3";

test("lines are as wide as there is room, and hold every word in order", () => {
  const lines = wrapText(TEXT, 12, 180, 9);
  assert.equal(lines.join(" "), TEXT);
  assert.ok(lines.length > 2);
  for (const line of lines) assert.ok(textWidth(line, 12) <= 180);
});

test("what is left over stands in the last line", () => {
  const lines = wrapText(TEXT, 12, 180, 2);
  assert.equal(lines.length, 2);
  assert.equal(lines.join(" "), TEXT);
});

test("a word that is wider than a line has one of its own", () => {
  assert.deepEqual(wrapText("an unusuallylongword here", 12, 40, 5), ["an", "unusuallylongword", "here"]);
});
