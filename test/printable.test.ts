import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { printable, printableLine } from "#src/printable.js";
import { fedkmeans } from "./support/command.js";
import { filesOf, onlyDirectory } from "./support/experiment.js";
import { temporaryFolder } from "./support/temporary.js";

/** Clears a terminal, moves its cursor, turns text around, and rings: as ECMA-48 in 7 and in 8 bits and Unicode have it. */
const ACTING = "\u001b[2J\u009b31m\u202e\u0007\r";

test("text that acts is written as escapes, whatever else is kept", () => {
  assert.equal(printable(ACTING), "\\u001b[2J\\u009b31m\\u202e\\u0007\\u000d");
  assert.equal(printable("Zürich\t漢字 🐧\n"), "Zürich\t漢字 🐧\n");
  assert.equal(printableLine("a\tb\nc"), "a\\u0009b\\u000ac");
});

test("names of clients, features and labels act on no terminal and in no log", {
  skip: process.platform === "win32",
}, (context) => {
  const folder = temporaryFolder(context);
  // The third column is constant, which the log says of it by name.
  const header = `site,x${ACTING},y,z${ACTING},label`;
  const rows = Array.from({ length: 24 }, (_, i) => {
    return `s${ACTING}${i % 3},${(i * 7) % 12},${(i * 5) % 9},7,class${ACTING}${i % 2}`;
  });
  writeFileSync(
    join(folder, "all.csv"),
    `${[header, ...rows].map((line) => line.replaceAll("\r", "")).join("\n")}\n`,
  );
  const logs = join(folder, "logs");
  const args = [
    "run",
    "--data",
    join(folder, "all.csv"),
    "--client-column",
    "site",
    "--label-column",
    "label",
  ];
  const check = (text: string, what: string) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/, what);
  };
  const { status, stdout, stderr } = fedkmeans([...args, "--log-dir", logs]);
  assert.equal(status, 0, stderr);
  check(stdout, "standard output");
  check(stderr, "standard error");
  assert.ok(stdout.includes("s\\u001b[2J"));
  for (const file of filesOf(onlyDirectory(logs)).filter((name) => name.endsWith(".log"))) {
    check(readFileSync(join(onlyDirectory(logs), file), "utf8"), file);
  }
  const log = readFileSync(join(onlyDirectory(logs), "server_logs", "server.log"), "utf8");
  assert.ok(log.includes("feature z\\u001b[2J"), log);
  const json = fedkmeans([...args, "--log-dir", logs, "--json"]);
  check(json.stdout, "JSON");
  assert.equal(JSON.parse(json.stdout).metrics.n_samples, 24);
  const refused = fedkmeans(["run", "--data", join(folder, ACTING)]);
  check(refused.stderr, "a refusal");
  assert.ok(readdirSync(logs).length >= 2);
});
