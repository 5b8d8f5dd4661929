import assert from "node:assert/strict";
import { test } from "node:test";
import { roughWidth, shortened } from "#src/markup/text-width.js";

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
