import assert from "node:assert/strict";
import { test } from "node:test";
import { roughWidth, shortened, wrapped } from "#src/markup/text-width.js";

test("widths follow the letters, and of scripts that are square the size", () => {
  assert.ok(roughWidth("iii", 12) < roughWidth("nnn", 12) && roughWidth("nnn", 12) < roughWidth("WWW", 12));
  assert.equal(roughWidth("東京", 10), 20);
});

test("a text that does not fit keeps its end", () => {
  assert.equal(shortened("short", 12, 100), "short");
  const cut = shortened("logs/sweep/data/penguins", 12, 80);
  assert.match(cut, /^….*penguins$/);
  assert.ok(roughWidth(cut, 12) <= 80);
});

test("a text is broken between words, a word only where it is too wide, and ends in … where there is no room", () => {
  assert.deepEqual(wrapped("one two three", 10, 60, 5), ["one two", "three"]);
  const path = wrapped("a /very/long/path/without/blanks", 10, 60, 9);
  assert.equal(path.join("").replaceAll(" ", ""), "a/very/long/path/without/blanks");
  for (const line of path) assert.ok(roughWidth(line, 10) <= 60, line);
  const [first, last, ...none] = wrapped("one two three four five six", 10, 60, 2);
  assert.deepEqual([first, none], ["one two", []]);
  assert.match(last, /^three.*…$/);
  assert.deepEqual(wrapped("", 10, 60, 2), [""]);
  assert.deepEqual(wrapped("\u{1f600}\u{1f600}", 10, 1, 3), ["\u{1f600}", "\u{1f600}"]);
});
