import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import * as fk from "#src/index.js";
import { contentOf } from "#src/notebook/output/display.js";
import { fedkmeans } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");
const SPECIES = ["--label-column", "species"];

/** A folder with north.csv, in which one smoker's row could be proven, and south.csv, in which none could. */
function twoClients(context: TestContext): string {
  const folder = join(temporaryFolder(context), "clients");
  mkdirSync(folder);
  const north = Array.from({ length: 40 }, (_, i) => `${i % 2},${i === 7 ? 1 : 0}`);
  const south = Array.from({ length: 40 }, (_, i) => `${Math.sin(i)},${Math.cos(3 * i)}`);
  writeFileSync(join(folder, "north.csv"), `retired,smoker\n${north.join("\n")}\n`);
  writeFileSync(join(folder, "south.csv"), `retired,smoker\n${south.join("\n")}\n`);
  return folder;
}

test("one client's file is shown by column, with exit code 0 where nothing rare could be proven", () => {
  const { status, stdout, stderr } = fedkmeans([
    "preview",
    join(PENGUINS, "Biscoe.csv"),
    ...SPECIES,
    "--group-size",
    "5",
  ]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^\nBiscoe: 167 rows of 4 columns\. Nothing has been sent\.$/m);
  assert.match(stdout, /^Would leave: mean and number of rows of \d+ groups of 5 to 9 similar rows/m);
  assert.match(stdout, /^Rows that could be proven to be here: none\.$/m);
  assert.match(stdout, /^flipper_length_mm +\d+ of \d+ \(\d+ %\) +\d+ of 167 +yes$/m);
  assert.match(stdout, /^Promised: /m);
});

test("a rare row that could be proven ends with exit code 1 and the columns to leave out, and without them with 0", (context) => {
  const north = join(twoClients(context), "north.csv");
  const refused = fedkmeans(["preview", north, "--group-size", "5"]);
  assert.equal(refused.status, 1);
  assert.match(refused.stdout, /1 are rare|of which 1 /);
  assert.match(
    refused.stderr,
    /^fedkmeans: client north: 1 of 40 rows .*--drop-columns smoker; or accept it with --allow-proven\n$/,
  );
  assert.equal(fedkmeans(["preview", north, "--group-size", "5", "--allow-proven"]).status, 0);
  const without = fedkmeans(["preview", north, "--group-size", "5", "--drop-columns", "smoker"]);
  assert.equal(without.status, 0, without.stderr);
});

test("of a folder of rows, each a group, it says that there is no protection, and of nothing that could be proven", (context) => {
  const { status, stdout, stderr } = fedkmeans(["preview", twoClients(context), "--group-size", "1"]);
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(
    stdout,
    /^\n2 clients\. Nothing has been sent\.\nWith --group-size 1 each row can be had as it is: no protection from the server\.\nLabels: /,
  );
  assert.match(stdout, /^north +40 +40 +1 +100 % +- +none$/m);
  assert.doesNotMatch(stdout, /proven\b.*:|refuse|Promised/);
});

test("of several clients each has a line and the worst is named; JSON has all of it, in counts and names", (context) => {
  const folder = twoClients(context);
  const { status, stdout } = fedkmeans(["preview", folder, "--group-size", "5", "--allow-proven"]);
  assert.equal(status, 0);
  assert.match(stdout, /^1 of 2 clients would refuse/m);
  assert.match(stdout, /^The worst of them:\nnorth: 40 rows of 2 columns/m);
  assert.match(stdout, /^south +40 /m);
  const json = fedkmeans(["preview", folder, "--group-size", "5", "--json"]);
  assert.equal(json.status, 1);
  const { clients, worst } = JSON.parse(json.stdout);
  assert.equal(worst, "north");
  assert.deepEqual(
    clients.map((one: Record<string, unknown>) => [
      one.client,
      one.rows,
      one.rare_rows_proven,
      one.columns_to_leave_out,
    ]),
    [
      ["north", 40, 1, ["smoker"]],
      ["south", 40, 0, []],
    ],
  );
  assert.deepEqual(readdirSync(folder), ["north.csv", "south.csv"]);
  // Both are named where both would refuse, and one that is too small has no rows that wait.
  writeFileSync(join(folder, "south.csv"), readFileSync(join(folder, "north.csv")));
  writeFileSync(join(folder, "tiny.csv"), "retired,smoker\n0,1\n1,0\n");
  const both = fedkmeans(["preview", folder, "--group-size", "5"]);
  assert.match(both.stdout, /^1 client with fewer rows than a group would take part with nothing\.$/m);
  assert.match(both.stdout, /^tiny +2 +0 +- +- +0 +-$/m);
  assert.doesNotMatch(both.stdout, /wait/);
  assert.match(
    both.stderr,
    /^fedkmeans: client north: 1 of 40 [^;]* smoker; client south: 1 of 40 [^;]* smoker; or accept it with --allow-proven\n$/,
  );
});

test("a preview holds counts and names, and no value of a row", async (context) => {
  const path = join(temporaryFolder(context), "secret.csv");
  const cells = Array.from({ length: 60 }, (_, i) => `${12345.5 + 7 * i},${98765.25 - 3 * i},type${i % 3}`);
  writeFileSync(path, `mass,height,kind\n${cells.join("\n")}\n`);
  const preview = await fk.preview(path, { labelColumn: "kind", groupSize: 5, shareLabels: true });
  const { html, text } = contentOf(preview);
  for (const form of [JSON.stringify(preview), html!, text]) {
    assert.match(form, /mass/);
    assert.doesNotMatch(form, /12[345]\d\d|98[67]\d\d|type\d/);
  }
});

test("wrong usage is told in one line", (context) => {
  const folder = twoClients(context);
  const config = join(temporaryFolder(context), "threshold.toml");
  writeFileSync(config, '[fedkmeans]\nprivacy = "threshold"\n');
  for (const [args, said] of [
    [
      [folder, "--config", config],
      /privacy in .*threshold\.toml must be groups to be previewed, found threshold/,
    ],
    [[join(folder, "nowhere.csv")], /nowhere\.csv: no such file or folder/],
    [[folder, "--group-size", "0"], /--group-size must be an integer of at least 1, found 0/],
    [[folder, "--columns", "weight"], /weight/],
    [[], /missing required argument/],
  ] as const) {
    const { status, stdout, stderr } = fedkmeans(["preview", ...args]);
    assert.ok(status === 1 || status === 2);
    assert.equal(stdout, "");
    assert.match(stderr, said);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  }
});
