import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as fk from "#src/index.js";
import { temporaryFolder } from "../../support/temporary.js";

test("an error in a cell names settings as the cell does, leaves paths as they are, and has no stack", async (t) => {
  const folder = join(temporaryFolder(t), "my--folder");
  mkdirSync(folder);
  for (const client of ["a", "b", "c"]) writeFileSync(join(folder, `${client}.csv`), "x,y2\n1,2\n3,4\n");
  const text = join(folder, "text");
  mkdirSync(text);
  for (const client of ["a", "b"]) writeFileSync(join(text, `${client}.csv`), "x,s\n1,red\n3,blue\n");
  const settings = { data: folder, groupSize: 1, carrier: "inline", logDir: join(folder, "logs") } as const;

  const cases: [work: () => Promise<unknown>, message: string | RegExp][] = [
    [() => fk.run({ ...settings, minClients: 50 }), "the federation has 3 clients, minClients is 50"],
    [
      () => fk.run({ ...settings, pcaComponents: 9 }),
      "pcaComponents must be at most the 2 features, found 9",
    ],
    [
      () => fk.run({ ...settings, kGlobal: 99 }),
      "cannot make 99 clusters of 6 rows: kGlobal must be at most the number of rows",
    ],
    [
      () => fk.run({ ...settings, data: text }),
      /found "red"; leave text columns out \(dropColumns s\) or name one as the column of labels \(labelColumn s\)/,
    ],
    [
      () => fk.load(join(folder, "no--such--dir")),
      `${join(folder, "no--such--dir")}: no such file or folder`,
    ],
    [() => fk.load(join(folder, "a.csv")), /with clientColumn naming the column/],
    [() => fk.generate({ numClients: 0 }), "numClients must be an integer of at least 1, found 0"],
    [
      () => fk.generate({ numClients: 1e6, samplesPerClient: 1e6 }),
      /^numClients x samplesPerClient x numFeatures must be at most/,
    ],
    [
      () => fk.sweep(settings, { kGlobal: [] }),
      "the grid's values of kGlobal must be a list of at least one",
    ],
  ];
  for (const [work, message] of cases) {
    await assert.rejects(work, (error: Error) => {
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      assert.equal(error.stack, `${error.name}: ${error.message}`);
      return true;
    });
  }
});
