import assert from "node:assert/strict";
import { test } from "node:test";
import type { Content, Frontend } from "#src/notebook/output/frontend.js";
import { progressIn, withProgress } from "#src/notebook/output/progress.js";

/** A frontend that keeps what each of its outputs showed, one after another. */
function listening(): { frontend: Frontend; outputs: Content[][] } {
  const outputs: Content[][] = [];
  const newOutput = () => {
    const shown: Content[] = [];
    outputs.push(shown);
    return { show: async (content: Content) => void shown.push(content), end() {} };
  };
  return { frontend: { kind: "tslab", newOutput }, outputs };
}

test("a long call has a bar, a count and the time left, in one output, and ends with the count alone", async () => {
  const { frontend, outputs } = listening();
  let clock = 0;
  const { onProgress, end } = progressIn(frontend, "runs", () => clock);
  onProgress(5, 1205);
  for (const [at, done] of [
    [100, 6],
    [1500, 10],
    [2000, 29],
    [50_000, 105],
    [9_000_000, 405],
    [40_000_000, 605],
  ]) {
    clock = at;
    onProgress(done, 1205);
  }
  await end();
  assert.equal(outputs.length, 1);
  assert.deepEqual(
    outputs[0].map(({ text }) => text),
    [
      "5 of 1,205 runs",
      "10 of 1,205 runs",
      // 24 in 2 s: 1,176 in 98 s.
      "29 of 1,205 runs · about 2 min left",
      "105 of 1,205 runs · about 9 min left",
      "405 of 1,205 runs · about 5 h left",
      "605 of 1,205 runs · about 11 h left",
      "605 of 1,205 runs",
    ],
  );
  assert.equal(
    outputs[0][2].html,
    '<progress value="29" max="1205" style="width:100%"></progress><p>29 of 1,205 runs · about 2 min left</p>',
  );
  assert.equal(outputs[0].at(-1)?.html, "<p>605 of 1,205 runs</p>");
});

test("a call that fails before it begins shows nothing, and one that fails later how far it came", async () => {
  const { frontend, outputs } = listening();
  await progressIn(frontend, "frames", () => 0).end();
  assert.deepEqual(outputs, [[]]);
  const begun = progressIn(frontend, "frames", () => 0);
  begun.onProgress(3, 9);
  await begun.end();
  assert.deepEqual(outputs[1].at(-1), { html: "<p>3 of 9 frames</p>", text: "3 of 9 frames" });
});

test("a call that has done nothing yet says that it goes on, and one that never did that it did nothing", async () => {
  const { frontend, outputs } = listening();
  const slow = progressIn(frontend, "frames", () => 0);
  slow.begin();
  slow.onProgress(1, 9);
  slow.begin();
  await slow.end();
  const stopped = progressIn(frontend, "frames", () => 0);
  stopped.begin();
  await stopped.end();
  const texts = outputs.map((shown) => shown.map(({ text }) => text));
  assert.deepEqual(texts, [
    ["the first frames", "1 of 9 frames", "1 of 9 frames"],
    ["the first frames", "no frames"],
  ]);
});

test("a program is shown no progress", async (t) => {
  const write = t.mock.method(process.stdout, "write", () => true);
  const done = await withProgress("runs", async (onProgress) => {
    onProgress(1, 2);
    return 3;
  });
  assert.equal(done, 3);
  assert.equal(write.mock.callCount(), 0);
});
