import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as fk from "#src/index.js";
import { contentOf } from "#src/notebook/output/display.js";

const PENGUINS = join(process.cwd(), "data", "penguins");

test("a cell previews a file, a folder, what was loaded and rows in memory, alike", async () => {
  const options = { labelColumn: "species", groupSize: 5 } as const;
  const ofFolder = await fk.preview(PENGUINS, options);
  assert.deepEqual(
    ofFolder.clients.map(({ client, rows }) => [client, rows]),
    [
      ["Biscoe", 167],
      ["Dream", 124],
      ["Torgersen", 51],
    ],
  );
  const data = await fk.load(PENGUINS, { labelColumn: "species" });
  assert.deepEqual(await fk.preview(data, { groupSize: 5 }), ofFolder);
  const ofFile = await fk.preview(join(PENGUINS, "Dream.csv"), options);
  assert.deepEqual(ofFile.clients, [ofFolder.clients[1]]);
  const table = Array.from({ length: 30 }, (_, i) => ({ a: Math.sin(i), b: i % 2 }));
  const ofRows = await fk.preview(table, { groupSize: 5 });
  assert.equal(ofRows.clients.length, 1);
  const ofTwo = await fk.preview({ north: table, south: table.slice(0, 3) }, { groupSize: 5 });
  assert.deepEqual(
    ofTwo.clients.map(({ client, groups, rowsWaiting }) => [client, groups > 0, rowsWaiting]),
    [
      ["north", true, 0],
      ["south", false, 3],
    ],
  );
  assert.deepEqual(ofTwo.clients[0].columns, ofRows.clients[0].columns);
});

test("it is shown as sentences and a table, and names settings as a cell does", async () => {
  const preview = await fk.preview(join(PENGUINS, "Dream.csv"), { labelColumn: "species", groupSize: 20 });
  const { html, text } = contentOf(preview);
  for (const form of [html!, text]) {
    assert.match(form, /Dream: 124 rows of 4 columns/);
    assert.match(form, /groupSize 8 would cost little/);
    assert.match(form, /bill_depth_mm/);
  }
  assert.match(html!, /<table>/);
  const nothing = contentOf(
    await fk.preview(
      [
        [1, 2],
        [3, 4],
      ],
      { groupSize: 5 },
    ),
  );
  assert.match(nothing.html!, /takes? part with nothing/);
  assert.doesNotMatch(nothing.html!, /<table>|Promised/);
});

test("a wrong setting is refused by name", async () => {
  await assert.rejects(fk.preview(PENGUINS, { groupSize: 0 }), {
    name: "UsageError",
    message: /^groupSize must be/,
  });
  await assert.rejects(fk.preview(PENGUINS, { shareLabels: 1 as never }), {
    name: "UsageError",
    message: /^shareLabels must be true or false/,
  });
  await assert.rejects(fk.preview("nowhere"), { name: "UsageError" });
});
