import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type LedgerRow, summarizeLedgers } from "#src/directory/ledger-summary.js";
import { readLedger } from "#src/directory/read-ledger.js";
import { RunError } from "#src/errors.js";
import { epsilonOf, muOf } from "#src/privacy/gaussian-account.js";
import { ledgerReport } from "#src/report/ledger-report.js";
import { temporaryFolder } from "../support/temporary.js";

const LINE = {
  schema_version: 1,
  time: "2025-11-07T16:00:54.000Z",
  exchange: 3,
  request: "pca/scatter",
  request_sha256: "ab".repeat(32),
  reply: "pca/scatter",
  fields: { n_samples: [], mean: [2] },
  bytes: 24,
  smallest_weight: 9,
  smallest_label_count: null,
  mu_squared: null,
  mu_squared_in_all: null,
  delta: null,
  refused: null,
};
const textOf = (...lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

test("ledgers are summed up by client and kind: messages, bytes, the fewest rows, what was refused and why", (t) => {
  const folder = temporaryFolder(t);
  const refused = {
    ...LINE,
    reply: null,
    fields: {},
    bytes: 0,
    smallest_weight: null,
    refused: "unknown request",
  };
  const { smallest_label_count: _, ...earlier } = LINE;
  const counted = { ...LINE, smallest_weight: 5, smallest_label_count: 2, bytes: 30 };
  const text = textOf(earlier, counted, { ...refused, smallest_label_count: 3 }, refused);
  writeFileSync(join(folder, "client_b%2F1.jsonl"), text);
  const nothing = { ...LINE, request: null, request_sha256: null };
  writeFileSync(join(folder, "client_a.jsonl"), textOf({ ...nothing, smallest_weight: null }));
  writeFileSync(join(folder, "notes.jsonl"), "no ledger");
  const expected: LedgerRow[] = [
    {
      client: "a",
      request: "no message",
      messages: 1,
      bytes: 24,
      smallestWeight: null,
      smallestLabelCount: null,
      refused: 0,
      reasons: [],
    },
    {
      client: "b/1",
      request: "pca/scatter",
      messages: 4,
      bytes: 54,
      smallestWeight: 5,
      smallestLabelCount: 2,
      refused: 2,
      reasons: ["unknown request"],
    },
  ];
  assert.deepEqual(summarizeLedgers(folder), expected);
  const experiment = temporaryFolder(t);
  mkdirSync(join(experiment, "client_ledger"));
  writeFileSync(join(experiment, "client_ledger", "client_c.jsonl"), text);
  assert.deepEqual(
    summarizeLedgers(experiment).map(({ client, messages }) => [client, messages]),
    [["c", 4]],
  );
});

test("what replies with noise spent is added up as mu^2, and told as epsilon at the delta they are limited at", (t) => {
  const folder = temporaryFolder(t);
  const delta = 1e-6;
  const [mu2, before] = [muOf(1, delta) ** 2 / 2, muOf(0.5, delta) ** 2];
  const spending = { ...LINE, request: "clustering/private_sums", smallest_weight: null, delta };
  const text = textOf(
    { ...LINE, request: "handshake", smallest_weight: null },
    { ...spending, mu_squared: mu2, mu_squared_in_all: before + mu2 },
    { ...spending, request_sha256: "cd".repeat(32), mu_squared: mu2, mu_squared_in_all: before + 2 * mu2 },
    // Asked again, and stored.
    { ...spending, mu_squared: mu2, mu_squared_in_all: before + mu2 },
  );
  writeFileSync(join(folder, "client_a.jsonl"), text);
  const [handshake, sums] = summarizeLedgers(folder);
  assert.ok(!("epsilon" in handshake) && !("epsilonInAll" in handshake) && !("delta" in handshake));
  assert.equal(sums.delta, delta);
  assert.equal(sums.smallestWeight, null);
  assert.ok(Math.abs(sums.epsilon! - 1) < 1e-9, String(sums.epsilon));
  const inAll = epsilonOf(Math.sqrt(before + 2 * mu2), delta);
  assert.ok(sums.epsilonInAll === inAll && inAll > 1.1 && inAll < 1.5);
  const report = ledgerReport(summarizeLedgers(folder));
  assert.match(report, /^client +request +messages +bytes +epsilon +in all runs +refused\n/);
  assert.match(report, /^ *a +handshake +1 +24 +- +- +0$/m);
  assert.match(report, /^ *a +clustering\/private_sums +3 +72 +1 +1\.1\d+ +0$/m);
  assert.match(
    report,
    /^1 client, 4 messages, 96 bytes: what left of rows has noise: epsilon 1 or less of each client, 1\.1\d+ with all runs before, at delta 0\.000001, nothing was refused$/m,
  );
});

test("what a client that was killed left of its last line is passed over", (t) => {
  const path = join(temporaryFolder(t), "client_a.jsonl");
  writeFileSync(path, textOf(LINE, LINE));
  appendFileSync(path, '{"schema_version":1,"time":"2025');
  assert.equal([...readLedger(path)].length, 2);
});

test("a ledger that is not as it should be is refused by file, line and field", (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, "client_a.jsonl");
  const refused: [string, string][] = [
    ["{\n", "line 1: no JSON"],
    ["[]\n", "line 1: a JSON object expected, found a list of 0"],
    [textOf(LINE, { ...LINE, schema_version: 2 }), "line 2: schema_version 1 expected, found 2"],
    [
      textOf({ ...LINE, schema_version: undefined }),
      "line 1: schema_version: an integer of at least 0 expected",
    ],
    [textOf({ ...LINE, bytes: -1 }), "line 1: bytes: an integer of at least 0 expected, found -1"],
    [textOf({ ...LINE, time: undefined }), "line 1: time: text expected, found nothing"],
    [textOf({ ...LINE, fields: { mean: 2 } }), "line 1: fields: mean: a list expected, found 2"],
    [
      textOf({ ...LINE, smallest_weight: -3 }),
      "line 1: smallest_weight: a number of at least 0 expected, found -3",
    ],
    [textOf({ ...LINE, delta: 1 }), "line 1: delta: a number above 0 and below 1 expected, found 1"],
    [textOf({ ...LINE, mu_squared: -1 }), "line 1: mu_squared: a number of at least 0 expected, found -1"],
    [
      textOf({ ...LINE, request_sha256: "x" }),
      'line 1: request_sha256: 64 hexadecimal digits expected, found "x"',
    ],
    [`${"[".repeat(100)}\n`, "line 1: JSON of at most 64 levels expected, found more"],
  ];
  for (const [text, message] of refused) {
    writeFileSync(path, text);
    assert.throws(
      () => summarizeLedgers(folder),
      (error) => error instanceof RunError && error.message.startsWith(`${path}, ${message}`),
      message,
    );
  }
  const empty = temporaryFolder(t);
  assert.throws(() => summarizeLedgers(empty), /has no ledger: an experiment directory with client_ledger\//);
  assert.throws(() => summarizeLedgers(join(empty, "none")), /none: no such folder$/);
  symlinkSync(path, join(empty, "client_b.jsonl"));
  assert.throws(() => summarizeLedgers(empty), /a plain file expected, found a link/);
  assert.ok(readFileSync(path).length > 0);
});
