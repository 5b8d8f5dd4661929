import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { FLOWER, skipWithoutFlower } from "../support/flower/installed.js";

test(`Flower ${FLOWER.current}: the demo runs to its end, from the groups of each client to a video`, {
  skip: skipWithoutFlower(FLOWER.current),
}, async () => {
  const demo = spawn(process.execPath, [join("scripts", "demo-flower.mjs")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [said, problems, [code]] = await Promise.all([
    text(demo.stdout),
    text(demo.stderr),
    once(demo, "exit"),
  ]);
  assert.equal(code, 0, `${said}\n${problems}`);
  assert.match(said, /^run hash [0-9a-f]{64}$/m);
  assert.match(said, /^What to look at:$/m);
});
