import assert from "node:assert/strict";
import fs, { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeState } from "#src/federation/client/make-state.js";
import { openState, type StateFolder } from "#src/federation/client/state-folder.js";
import { killed } from "../../support/killed.js";
import { drawRows, fewestRows } from "../../support/site.js";
import { GROUPS, partition, stateOf } from "../../support/state.js";
import { temporaryFolder } from "../../support/temporary.js";

const ROWS = drawRows(23, 80);
const SITE = JSON.stringify(require.resolve("../../support/site.js"));
const SUPPORT = JSON.stringify(require.resolve("../../support/state.js"));

/** Does something with a state in another process that is killed before its nth change of the file system. */
function killedBefore(nth: number, folder: string, act: string): boolean {
  return killed(
    nth,
    `
const { openState } = require(${JSON.stringify(require.resolve("#src/federation/client/state-folder.js"))});
const { makeState } = require(${JSON.stringify(require.resolve("#src/federation/client/make-state.js"))});
const { drawRows } = require(${SITE});
const { partition, GROUPS } = require(${SUPPORT});
const rows = drawRows(23, 80);
const folder = ${JSON.stringify(folder)};`,
    act,
  ).isKilled;
}

const textIn = (folder: string) => readFileSync(join(folder, "state.json"), "utf8");

test("killed before any of its steps, a change leaves the old state or the new one, and is made up for", async (context) => {
  const folder = temporaryFolder(context);
  const old = join(folder, "old");
  const before = (await stateOf(old, partition(ROWS.slice(0, 40)))).groups();
  const change = (state: StateFolder) =>
    state.beginRun("r", () => partition(ROWS.slice(1)), { groupSize: 6, wait: 6 });
  const act =
    'await openState(folder).beginRun("r", () => partition(rows.slice(1)), { groupSize: 6, wait: 6 });';
  cpSync(old, join(folder, "new"), { recursive: true });
  const points = await change(openState(join(folder, "new")));
  const [oldText, newText] = [textIn(old), textIn(join(folder, "new"))];
  const released = [before, openState(join(folder, "new")).groups()].flatMap(({ groups }) =>
    groups.map(({ rows }) => rows).filter((rows) => rows.length > 0),
  );
  assert.ok(fewestRows(released) >= 5);
  const found = { old: 0, new: 0 };
  for (let nth = 0; ; nth++) {
    const copy = join(folder, `copy-${nth}`);
    cpSync(old, copy, { recursive: true });
    const isKilled = killedBefore(nth, copy, act);
    const text = textIn(copy);
    assert.ok(text === oldText || text === newText, `killed before change ${nth}`);
    found[text === oldText ? "old" : "new"] += 1;
    if (!isKilled) break;
    assert.deepEqual(await change(openState(copy)), points);
    await openState(copy).update(partition(ROWS.slice(1)));
    assert.equal(textIn(copy), newText);
    assert.deepEqual(readdirSync(copy), ["state.json"], "nothing of the killed process is left");
  }
  assert.ok(found.old >= 6 && found.new >= 3, JSON.stringify(found));
});

test("killed before any of its steps, the making of a state leaves none or a whole one", async (context) => {
  const folder = temporaryFolder(context);
  const found = { none: 0, whole: 0 };
  for (let nth = 0; ; nth++) {
    const made = join(folder, `s-${nth}`);
    const isKilled = killedBefore(nth, made, "await makeState(folder, partition(rows), GROUPS);");
    const isMade = existsSync(join(made, "state.json"));
    found[isMade ? "whole" : "none"] += 1;
    if (!isMade) await makeState(made, partition(ROWS), GROUPS);
    const state = openState(made);
    await state.update(partition(ROWS));
    assert.equal(state.groups().groups.length > 8, true);
    assert.deepEqual(readdirSync(made), ["state.json"]);
    if (!isKilled) break;
  }
  assert.ok(found.none >= 6 && found.whole >= 3, JSON.stringify(found));
});

test("where a step fails, as on a full disk, nothing that rests on the change is returned and the old state stays", async (context) => {
  const folder = join(temporaryFolder(context), "s");
  const state = await stateOf(folder, partition(ROWS.slice(0, 40)));
  const text = textIn(folder);
  const names = ["openSync", "writeFileSync", "fsyncSync", "renameSync"] as const;
  for (const name of names) {
    const real = fs[name] as (...args: unknown[]) => unknown;
    const mocked = context.mock.method(fs, name as "fsyncSync", (...args: unknown[]) => {
      // Those of the lock, and of reading, are others.
      if (typeof args[0] === "string" && (!/state\.json/.test(args[0]) || args[1] === "r"))
        return real(...args);
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    });
    await assert.rejects(
      state.beginRun("r", () => partition(ROWS)),
      /^RunError: cannot write .*state\.json: no space left on the device \(ENOSPC\)$/,
      name,
    );
    mocked.mock.restore();
    assert.equal(textIn(folder), text, name);
    assert.deepEqual(readdirSync(folder), ["state.json"]);
    assert.throws(() => state.pointsOf("r"), /has not begun here/);
  }
  writeFileSync(join(folder, ".lock"), "");
  assert.equal((await state.beginRun("r", () => partition(ROWS))).points.nRows > 8, true);
});
