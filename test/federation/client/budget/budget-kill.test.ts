import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs, { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { makeBudget, openBudget } from "#src/federation/client/budget/budget-folder.js";
import { storedReply } from "#src/federation/client/budget/stored-reply.js";
import { ask, budgetRows, LIMITS, mu2Of } from "../../../support/budget.js";
import { runOnNodeAndDeno } from "../../../support/deno.js";
import { killed } from "../../../support/killed.js";
import { drawRows } from "../../../support/site.js";
import { temporaryFolder } from "../../../support/temporary.js";

const ROWS = budgetRows(drawRows(3, 30));
const SPENDING = { questions: 2, request: "q", mu2: mu2Of(0.5) / 2, runMu2: mu2Of(0.5) };

/** What another process does first; `print` writes what has left it, and `drawn` what was drawn. */
function prepared(folder: string, left: number): string {
  const [module, support, site, stored] = [
    require.resolve("#src/federation/client/budget/budget-folder.js"),
    require.resolve("../../../support/budget.js"),
    require.resolve("../../../support/site.js"),
    require.resolve("#src/federation/client/budget/stored-reply.js"),
  ].map((path) => JSON.stringify(path));
  return `
const { openBudget } = require(${module});
const { budgetRows, draw } = require(${support});
const { storedReply } = require(${stored});
const rows = budgetRows(require(${site}).drawRows(3, 30));
const budget = openBudget(${JSON.stringify(folder)});
const write = fs.writeSync;
const print = (what, reply) => write(${left}, JSON.stringify({ [what]: storedReply(reply) }) + "\\n");`;
}

const ACT = `
const reply = budget.answer(() => rows, { run: "r", question: 0, ...${JSON.stringify(SPENDING)} }, () => {
  step();
  const reply = draw();
  print("drawn", reply);
  step();
  return { reply, mu2: ${SPENDING.mu2} };
});
step();
print("sent", reply);`;

const filesIn = (folder: string) => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();

test("killed before any of its steps, a client has spent and kept its reply, or nothing has happened", (context) => {
  const folder = temporaryFolder(context);
  const found = { nothing: 0, drawn: 0, spent: 0, sent: 0 };
  for (let nth = 0; ; nth++) {
    const state = join(folder, `s-${nth}`);
    makeBudget(state, LIMITS);
    const { isKilled, stdout } = killed(nth, prepared(state, 1), ACT);
    const lines = stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
    const [{ drawn = null } = {}, { sent = null } = {}] = lines;
    const spent = openBudget(state).spentBy(ROWS);
    assert.ok(spent === 0 || spent === SPENDING.mu2);
    if (sent !== null) assert.ok(spent > 0 && !isKilled, "nothing is sent before it is spent");
    found[sent !== null ? "sent" : spent > 0 ? "spent" : drawn !== null ? "drawn" : "nothing"] += 1;
    // The same question once more, then the next one.
    const budget = openBudget(state);
    const again = ask(budget, ROWS, 0.5, SPENDING);
    if (spent > 0) assert.deepEqual(storedReply(again), drawn, `killed before step ${nth}`);
    else assert.notDeepEqual(storedReply(again), drawn);
    assert.equal(budget.last!.wasStored, spent > 0);
    assert.equal(openBudget(state).spentBy(ROWS), SPENDING.mu2, "once, and no more");
    assert.deepEqual(ask(openBudget(state), ROWS, 0.5, SPENDING), again);
    ask(budget, ROWS, 0.5, { ...SPENDING, question: 1 });
    const [name] = readdirSync(join(state, "replies"));
    const replies = [0, 1].map((question) =>
      join("replies", name.replace(/-\d\.json$/, `-${question}.json`)),
    );
    assert.deepEqual(
      filesIn(state),
      ["budget.json", "replies", ...replies],
      "nothing of the killed process is left",
    );
    if (!isKilled) break;
  }
  assert.ok(found.nothing >= 4 && found.drawn >= 12 && found.spent >= 3, JSON.stringify(found));
  assert.equal(found.sent, 1);
});

test("processes that ask at once spend once for what is the same, and for all that is not", async (context) => {
  const folder = join(temporaryFolder(context), "s");
  makeBudget(folder, { ...LIMITS, epsilonLimit: 10 });
  const act = (own: string) => `
for (const run of ["same", ${JSON.stringify(own)}]) {
  for (let question = 0; question < 4; question++) {
    const spending = { run, question, questions: 4, request: "q" + question, mu2: ${mu2Of(0.5) / 4}, runMu2: ${mu2Of(0.5)} };
    print(run + question, budget.answer(() => rows, spending, () => ({ reply: draw(), mu2: spending.mu2 })));
  }
}`;
  const outputs = await Promise.all(
    ["a", "b", "c"].map(async (own) => {
      const program = `const fs = require("node:fs");${prepared(folder, 1)}${act(own)}`;
      const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
      const lines = (await text(child.stdout)).split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line));
    }),
  );
  for (const lines of outputs) {
    assert.equal(lines.length, 8);
    assert.deepEqual(lines.slice(0, 4), outputs[0].slice(0, 4), "the same question has the same reply");
  }
  const all = outputs.flatMap((lines) => lines.slice(4)).map((line) => JSON.stringify(Object.values(line)));
  assert.equal(new Set(all).size, 12, "what is another question has another");
  const spent = openBudget(folder).spentBy(ROWS);
  assert.ok(Math.abs(spent / (4 * mu2Of(0.5)) - 1) < 1e-12, "four runs were paid for");
});

test("Deno and Node spend of one budget", (context) => {
  const folder = temporaryFolder(context);
  const state = join(folder, "s");
  makeBudget(state, LIMITS);
  const { node, deno } = runOnNodeAndDeno(
    folder,
    `const fs = require("node:fs");\nconst step = () => {};\n${prepared(state, 1)}${ACT}`,
  );
  const [first, again] = [node, deno].map((output) => output.trim().split("\n").at(-1));
  assert.match(first!, /^\{"sent":/);
  assert.equal(again, first);
  assert.equal(openBudget(state).spentBy(ROWS), SPENDING.mu2);
});

test("where a step fails, as on a full disk, no reply is returned, and none is paid for twice", (context) => {
  const folder = join(temporaryFolder(context), "s");
  makeBudget(folder, LIMITS);
  const first = ask(openBudget(folder), ROWS, 0.5, SPENDING);
  const next = { ...SPENDING, question: 1, request: "next" };
  const before = readFileSync(join(folder, "budget.json"), "utf8");
  for (const [file, failing] of FAILURES) {
    const copy = `${folder}-${FAILURES.findIndex((one) => one[1] === failing && one[0] === file)}`;
    cpSync(folder, copy, { recursive: true });
    const restore = failAt(context, failing, file);
    assert.throws(
      () => ask(openBudget(copy), ROWS, 0.5, next),
      /^RunError: cannot write .*json: no space left on the device \(ENOSPC\)$/,
      `${failing} ${file}`,
    );
    restore();
    const isSpent = file === THE_FOLDER;
    assert.equal(readFileSync(join(copy, "budget.json"), "utf8") === before, !isSpent);
    const budget = openBudget(copy);
    assert.deepEqual(ask(budget, ROWS, 0.5, SPENDING), first);
    ask(budget, ROWS, 0.5, next);
    assert.equal(budget.last!.wasStored, isSpent);
    assert.equal(openBudget(copy).spentBy(ROWS), 2 * SPENDING.mu2);
    assert.equal(filesIn(copy).length, 4, filesIn(copy).join(", "));
  }
});

test("a folder that cannot be written refuses, and says which", (context) => {
  const folder = join(temporaryFolder(context), "s");
  makeBudget(folder, LIMITS);
  const mocked = context.mock.method(fs, "writeFileSync", () => {
    throw Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
  });
  assert.throws(
    () => ask(openBudget(folder), ROWS, 0.5, SPENDING),
    /^RunError: cannot write .*s\/\.lock: .*\(EROFS\)$/,
  );
  mocked.mock.restore();
  assert.deepEqual(filesIn(folder), ["budget.json"]);
  assert.equal(openBudget(folder).spentBy(ROWS), 0);
});

/** Where the budget's new name is forced to the disk, which it has by then. */
const THE_FOLDER = /[\\/]s-\d+$/;

const FAILURES = [
  ...[/budget\.json/, /replies/].flatMap((file) =>
    (["openSync", "writeFileSync", "fsyncSync", "renameSync"] as const).map((name) => [file, name] as const),
  ),
  [THE_FOLDER, "fsyncSync"],
] as const;

/** Has a function of the file system fail for files of a name; to undo it is to call what is returned. */
function failAt(context: TestContext, failing: (typeof FAILURES)[number][1], file: RegExp): () => void {
  const opened = new Map<number, string>();
  const { openSync } = fs;
  const real = fs[failing] as (...args: unknown[]) => unknown;
  const fail = (path: string) => {
    if (file.test(path)) {
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    }
  };
  const opens = context.mock.method(fs, "openSync", (path: string, flags: string, mode?: number) => {
    if (failing === "openSync" && flags !== "r") fail(path);
    const descriptor = openSync(path, flags, mode);
    opened.set(descriptor, path);
    return descriptor;
  });
  const fails =
    failing === "openSync"
      ? null
      : context.mock.method(fs, failing as "fsyncSync", (...args: unknown[]) => {
          fail(typeof args[0] === "number" ? opened.get(args[0])! : (args[0] as string));
          return real(...args);
        });
  return () => {
    opens.mock.restore();
    fails?.mock.restore();
  };
}
