import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { systemWords } from "#src/federation/client/random-words.js";

test("the system's words are others each time, all 32 bits of them", () => {
  const [first, second] = [systemWords(), systemWords()];
  const n = 5000;
  const bits = new Array<number>(32).fill(0);
  const seen = new Set<number>();
  for (let i = 0; i < n; i++) {
    for (const word of [first.next(), second.next()]) {
      assert.ok(Number.isInteger(word) && word >= 0 && word < 2 ** 32);
      seen.add(word);
      for (let b = 0; b < 32; b++) bits[b] += (word >>> b) & 1;
    }
  }
  // Of 10^4 words 0.01 pairs are equal on average: 5 of them by chance less than once in 10^11.
  assert.ok(seen.size > 2 * n - 5, `${seen.size}`);
  for (const count of bits) assert.ok(Math.abs(count - n) < 7 * Math.sqrt(n / 2), `${count} of ${2 * n}`);
});

test("the system's words are others in each process", () => {
  const module = JSON.stringify(join(process.cwd(), "dist/federation/client/random-words.js"));
  const script = `
const words = require(${module}).systemWords();
console.log(JSON.stringify(Array.from({ length: 1000 }, () => words.next())));
`;
  const lists = [0, 1].map(() => {
    const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    return JSON.parse(stdout) as number[];
  });
  // Of 2,000 words 0.0005 pairs are equal on average: 3 of them by chance less than once in 10^10.
  assert.ok(new Set(lists.flat()).size > 2000 - 3);
});
