import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { HeldError, holdsLock, lockDirectory, unlockDirectory } from "#src/directory/lock.js";
import { temporaryFolder } from "../support/temporary.js";

test("a lock keeps the same process out, too, until it is unlocked", (context) => {
  const folder = temporaryFolder(context);
  lockDirectory(folder);
  assert.throws(() => lockDirectory(folder), HeldError);
  assert.ok(holdsLock(folder));
  unlockDirectory(folder);
  assert.ok(!holdsLock(folder));
  lockDirectory(folder);
  unlockDirectory(folder);
});

test("a lock that another process puts back after its holder has ended is taken over by the holder", (context) => {
  const folder = temporaryFolder(context);
  const [path, aside] = [join(folder, ".lock"), join(folder, "aside")];
  lockDirectory(folder);
  renameSync(path, aside);
  unlockDirectory(folder);
  renameSync(aside, path);
  lockDirectory(folder);
  unlockDirectory(folder);
  assert.ok(!existsSync(path));
});

test("a lock that is put back while its holder ends is removed", async (context) => {
  const folder = temporaryFolder(context);
  const [path, aside] = [join(folder, ".lock"), join(folder, "aside")];
  // Two processes: where there is no lock for a moment, the other one is about to put it back.
  const program = `
const { renameSync } = require("node:fs");
const [path, aside] = ${JSON.stringify([path, aside])};
renameSync(path, aside);
process.stdout.write("aside\\n");
setTimeout(() => renameSync(aside, path), 30);`;
  lockDirectory(folder);
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  unlockDirectory(folder);
  await ended;
  // A machine that is busy may be later: then the holder, once it wants the lock again, takes it over.
  lockDirectory(folder);
  unlockDirectory(folder);
  assert.ok(!existsSync(path));
});

test("somebody else's lock stays", (context) => {
  const [folder, other] = [temporaryFolder(context), temporaryFolder(context)];
  lockDirectory(folder);
  lockDirectory(other);
  renameSync(join(other, ".lock"), join(folder, ".lock"));
  unlockDirectory(folder);
  assert.ok(existsSync(join(folder, ".lock")));
});
