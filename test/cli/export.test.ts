import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { putInOrder } from "#src/cli/leftovers.js";
import { temporaryName } from "#src/files/leftovers.js";
import { fedkmeans } from "../support/command.js";
import { onlyDirectory } from "../support/experiment.js";
import { allBytes } from "../support/exports.js";
import { temporaryFolder } from "../support/temporary.js";

const RUN = [
  "run",
  "--data",
  "data/penguins",
  "--label-column",
  "species",
  "--carrier",
  "inline",
  "--log-dir",
];

test("export makes a directory that verifies, and says what it left out; as JSON with --json", (context) => {
  const folder = temporaryFolder(context);
  const logs = join(folder, "logs");
  assert.equal(fedkmeans([...RUN, logs, "--group-size", "5", "--json"]).status, 0);
  const directory = onlyDirectory(logs);
  const [out, other] = [join(folder, "new", "out"), join(folder, "other")];
  const { status, stdout, stderr } = fedkmeans(["export", directory, out]);
  assert.deepEqual([status, stderr], [0, ""]);
  const [first, second] = stdout.trimEnd().split("\n");
  assert.match(
    first,
    / 342 rows as \d+ groups; completed, all \d+ files are as written, rounds 0 to \d+ are whole/,
  );
  assert.equal(
    second,
    "left out: client_data, client_ledger, client_logs, server_logs, what is of rows or labels in the other files",
  );
  const verified = fedkmeans(["verify", out]).stdout.trimEnd();
  assert.equal(verified.replace(`${out}: `, ""), first.replace(/^.* groups; /, ""));

  const json = JSON.parse(fedkmeans(["export", directory, other, "--json"]).stdout);
  assert.deepEqual(Object.keys(json), [
    "experiment_dir",
    "n_samples",
    "n_points",
    "rounds",
    "files",
    "run_hash",
    "left_out",
  ]);
  assert.equal(verified.includes(`all ${json.files} files`) && verified.endsWith(json.run_hash), true);
  assert.deepEqual(allBytes(other), allBytes(out));
});

test("export says in one line why it refuses, names options as they are given, and leaves nothing behind", (context) => {
  const folder = temporaryFolder(context);
  const logs = join(folder, "logs");
  const made = (...options: string[]) => {
    const before = existsSync(logs) ? readdirSync(logs) : [];
    assert.equal(fedkmeans([...RUN, logs, ...options, "--json"]).status, 0);
    return join(logs, readdirSync(logs).find((name) => !before.includes(name))!);
  };
  const rows = made("--group-size", "1");
  const published = made("--privacy", "threshold");
  const out = join(folder, "out");
  mkdirSync(join(folder, "taken"));
  for (const [args, status, message] of [
    [
      [rows, out],
      1,
      /held to --group-size 1, so what it sent is of rows; run it with --group-size 2 or more, or --privacy dp$/,
    ],
    [
      [published, out],
      1,
      /held to --privacy threshold, so what it sent is of rows; run it with --group-size 2/,
    ],
    [
      [join(folder, "taken"), out],
      1,
      /taken is no experiment directory: it has no experiment_summary\.json$/,
    ],
    [[rows], 2, /missing required argument 'OUT'$/],
  ] as const) {
    const outcome = fedkmeans(["export", ...args]);
    assert.match(outcome.stderr, /^fedkmeans: [^\n]+\n$/);
    assert.match(outcome.stderr.trimEnd(), message);
    assert.deepEqual([outcome.status, outcome.stdout], [status, ""]);
  }
  assert.deepEqual(readdirSync(folder).sort(), ["logs", "taken"]);
});

test("of an export that is ended in its midst nothing is left, and what others are making is", (context) => {
  const folder = temporaryFolder(context);
  const own = temporaryName(join(folder, ".out"));
  const other = own.replace(/\d+\.tmp$/, `${process.ppid}.tmp`);
  for (const directory of [own, other]) {
    mkdirSync(join(directory, "global_means"), { recursive: true });
    writeFileSync(join(directory, "global_means", "round_000_global_means.npy"), "");
  }
  putInOrder({ type: "unfinished", path: folder, what: "folder" });
  assert.deepEqual([existsSync(own), existsSync(other)], [false, true]);
});
