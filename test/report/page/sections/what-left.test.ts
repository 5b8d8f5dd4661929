import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { layoutOf } from "#src/directory/layout.js";
import { collect } from "#src/experiment/collect/collect.js";
import { exportDirectory } from "#src/experiment/export/export-directory.js";
import { run } from "#src/index.js";
import { readFacts } from "#src/report/page/facts.js";
import { PHASES, PRIVATE_FIELDS } from "#src/report/page/ledger-words.js";
import { whatLeft } from "#src/report/page/sections/what-left.js";
import { deployPenguins } from "../../../support/deployment.js";
import { privateSettings } from "../../../support/private-penguins.js";
import { documentOf, penguinRun, tablesOf, wordsOf } from "../../../support/report.js";
import { temporaryFolder } from "../../../support/temporary.js";

test("what left is what the ledgers say, added up here once more", async (context) => {
  const directory = await penguinRun(context);
  const section = whatLeft(readFacts(directory));
  const table = tablesOf(section).find(({ caption }) => caption.startsWith("What left each client"))!;
  const [biscoe] = table.data!.rows;
  const lines = readFileSync(layoutOf(directory).clientLedger("Biscoe"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const values = lines.flatMap(({ fields }) => Object.values(fields) as number[][]);
  const column = (name: string) => biscoe[table.data!.header.indexOf(name)];
  assert.equal(
    column("values"),
    values.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0),
  );
  assert.equal(
    column("bytes"),
    lines.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  assert.equal(column("smallest_weight"), Math.min(...lines.map(({ smallest_weight }) => smallest_weight)));
  assert.equal(column("held"), 167 * 4);
  assert.ok((column("smallest_weight") as number) >= 5);
  const words = wordsOf(section);
  assert.match(words, /All clients were on one machine/);
  assert.match(words, /means of groups of at least 5 similar rows/);
  assert.match(words, /no differential privacy/);
  assert.match(words, /Nothing was refused/);
  assert.doesNotMatch(words, /threshold looks at one number/);
});

test("a threshold's sentences are its own, and withheld means are counted by round", async (context) => {
  const directory = await penguinRun(context, { privacy: "threshold", privacyThreshold: 3 });
  const facts = readFacts(directory);
  const words = wordsOf(whatLeft(facts));
  assert.match(words, /withheld means and sums of fewer than 3 rows \(threshold 3\): a filter/);
  assert.match(words, /any number that left: \*\*1 row\*\*/);
  assert.match(words, /That number is a count: behind each mean that left in a round are \*\*(?:[3-9]|\d\d)/);
  assert.doesNotMatch(words, /groups of at least/);
  const table = tablesOf(whatLeft(facts)).find(({ caption }) => caption === "Means that clients withheld")!;
  assert.equal(
    table.data!.rows.reduce((sum, [, means]) => sum + (means as number), 0),
    facts.counts.reduce((sum, { withheld }) => sum + withheld, 0),
  );
});

test("single rows that left as published are no means of several, and what holds nothing back is called no protection", async (context) => {
  const directory = await penguinRun(context, {
    asPublished: true,
    privacy: "threshold",
    privacyThreshold: 1,
  });
  const words = wordsOf(whatLeft(readFacts(directory)));
  assert.match(words, /any number that left: \*\*1 row\*\*/);
  assert.doesNotMatch(words, /behind each mean|threshold looks at one number/);
  assert.match(words, /start was of single rows/);
  assert.match(words, /Computed from single rows, nothing is promised/);
  const head = wordsOf(documentOf(directory).sections[0]);
  assert.match(head, /computed from rows: no protection/);
  assert.doesNotMatch(head, /filter/);
});

test("a directory that was exported is not said to have traces of rows", async (context) => {
  const directory = await penguinRun(context);
  const exported = join(temporaryFolder(context), "exported");
  exportDirectory(directory, exported);
  const words = wordsOf(whatLeft(readFacts(exported)));
  assert.doesNotMatch(words, /traces of rows|what follows is what their messages held/);
  assert.match(words, /was exported: the clients' own records .* are not in it/);
});

test("of clients elsewhere group sizes are as declared, and exact once their ledgers were collected", async (context) => {
  const { directory, logs } = await deployPenguins(context);
  const declared = wordsOf(whatLeft(readFacts(directory)));
  assert.match(declared, /as declared: \*\*5 rows\*\*/);
  assert.match(declared, /`fedkmeans collect`/);
  assert.doesNotMatch(declared, /phase by phase|on one machine/);
  collect(directory, [...logs.values()]);
  const exact = wordsOf(whatLeft(readFacts(directory)));
  assert.match(exact, /phase by phase/);
  assert.doesNotMatch(exact, /as declared/);
});

test("what a client refused is told, with its reason and as text", async (context) => {
  const directory = await penguinRun(context);
  const ledger = layoutOf(directory).clientLedger("Dream");
  const [line] = readFileSync(ledger, "utf8").split("\n");
  const refused = {
    ...JSON.parse(line),
    request: "rows/all",
    reply: null,
    fields: {},
    bytes: 0,
    smallest_weight: null,
    refused: "unknown <b>request</b>",
  };
  writeFileSync(ledger, `${readFileSync(ledger, "utf8")}${JSON.stringify(refused)}\n`);
  const words = wordsOf(whatLeft(readFacts(directory)));
  assert.match(words, /Dream refused `rows\/all`: unknown \\<b\\>request/);
  rmSync(join(directory, "client_ledger"), { recursive: true });
  assert.match(wordsOf(whatLeft(readFacts(directory))), /message by message, this directory does not say/);
});

test("every field and request of every algorithm's messages has its words", async (context) => {
  const known = new Set(PHASES.flatMap(({ requests }) => requests));
  for (const more of [
    { algorithm: "lloyd", normalize: false },
    { algorithm: "best-lloyd", restarts: 4 },
    { algorithm: "k-fed" },
    { privacy: "threshold", privacyThreshold: 1, asPublished: true },
    privateSettings(context),
  ]) {
    const { ledgers } = readFacts(await penguinRun(context, more));
    for (const { request, fields } of ledgers!) {
      assert.ok(known.has(request), request);
      for (const name of fields.keys()) assert.ok(Object.hasOwn(PRIVATE_FIELDS, name), name);
    }
  }
});

test("of many clients those with the smallest groups are shown, and how the others lie", async (context) => {
  const data = Object.fromEntries(
    Array.from({ length: 60 }, (_, c) => [
      `site ${c}`,
      Array.from({ length: c === 41 ? 6 : 20 }, (_, row) => [row % 7, (row * c) % 5]),
    ]),
  );
  const { experimentDir } = await run({ data, logDir: temporaryFolder(context), kGlobal: 2, groupSize: 6 });
  const section = whatLeft(readFacts(experimentDir));
  const table = tablesOf(section).find(({ caption }) => caption.startsWith("What left each client"))!;
  assert.equal(table.rows.length, 20);
  assert.equal(table.data!.rows.length, 60);
  assert.match(wordsOf(section), /Values sent: \d+ at least, /);
});
