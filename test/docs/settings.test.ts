import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { ROOT, textOf } from "./pages.js";

test("docs/settings.md and the comments of settings say what their tables say: npm run docs:settings", async () => {
  const script = pathToFileURL(join(ROOT, "scripts", "settings-docs.mjs")).href;
  const { documents } = (await import(script)) as { documents(): Map<string, string> };
  const texts = documents();
  assert.ok(texts.size > 1);
  for (const [file, text] of texts) assert.equal(textOf(file), text, file);
});
