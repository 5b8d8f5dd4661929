import assert from "node:assert/strict";
import { test } from "node:test";
import { kebabCase } from "#src/casing.js";
import { CLIENT_SETTINGS, SOURCE_SETTINGS } from "#src/experiment/client-settings.js";
import { textOf } from "./pages.js";

test("docs/flower-client.md has every setting of a client, in the order of their table, and no other", () => {
  const [, section] = textOf("docs/flower-client.md").split("\n## Settings\n");
  const rows = section.split("\n## ")[0].match(/^\| .*?\|/gm)!;
  const named = rows.flatMap((row) => [...row.matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
  assert.deepEqual(named, Object.keys(CLIENT_SETTINGS).map(kebabCase));
});

test("settings of a data source stand side by side, as the page says it of them", () => {
  const keys = Object.keys(CLIENT_SETTINGS);
  const places = SOURCE_SETTINGS.map((name) => keys.indexOf(name)).sort((a, b) => a - b);
  // Which of several files is the client's says nothing of what is in it.
  const between = ["partitionId", "numPartitions"].map((name) => keys.indexOf(name));
  const all = [...places, ...between].sort((a, b) => a - b);
  assert.deepEqual(
    all,
    Array.from(all, (_, i) => all[0] + i),
  );
});
