import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { skipWithoutPython } from "../support/python.js";

test("the benchmark of differential privacy runs, and a few runs come to something", {
  skip: skipWithoutPython,
}, () => {
  const arguments_ = ["bench/run.mjs", "privacy", "--short", "--repeats", "1"];
  const text = execFileSync(process.execPath, arguments_, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  assert.match(text, /- penguins: 0\.\d\d at 1, 0\.\d\d at 8\n- blobs 2k: /);
});
