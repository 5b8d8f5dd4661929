import assert from "node:assert/strict";
import { test } from "node:test";
import { withForeignLetters } from "#src/draw/foreign-letters.js";

test("texts with letters that the typeface lacks are found, each once, in order", () => {
  const texts = [
    "Oslo",
    "大阪",
    "Łódź",
    "عيادة",
    "Клиника",
    "a 🙂",
    "大阪",
    "mmol/l ≥ 2 µm²",
    "a\u200db\u00a0c",
  ];
  assert.deepEqual(withForeignLetters(texts), ["大阪", "عيادة", "a 🙂"]);
});
