import assert from "node:assert/strict";
import { test } from "node:test";
import * as fk from "#src/index.js";
import { formsOfValue } from "#src/notebook/output/last-expression.js";

test("the value of a last line is shown as display would, where that is more than its text", async () => {
  const data = await fk.load({
    north: [
      [1, 2],
      [3, 4.5],
    ],
    south: [[5, 6]],
  });
  const forms = await formsOfValue(data);
  assert.match(String(forms?.["text/html"]), /2 clients, 3 rows of 2 features/);
  assert.match(String(forms?.["text/plain"]), /2 clients, 3 rows of 2 features/);
  const rows = await fk.rows(data);
  for (const table of [
    rows,
    rows.filter((row) => row.x1 > 3),
    [Object.assign(Object.create(null), { a: 1 })],
  ])
    assert.match(String((await formsOfValue(table))?.["text/html"]), /^<table>/);
  assert.match(String((await formsOfValue({ outerHTML: "<svg/>" }))?.["text/html"]), /^<img /);
});

test("of other values the kernel's own text is the best", async () => {
  const others = [
    1,
    "<p>",
    null,
    undefined,
    [],
    [1],
    [[1, 2]],
    [null],
    [new Map()],
    { a: 1 },
    new Map(),
    Float64Array.of(1),
  ];
  for (const value of [...others, () => 1]) assert.equal(await formsOfValue(value), null);
});

test("a promise shows what it becomes, however that is shown, and its error is the cell's", async () => {
  assert.match(String((await formsOfValue(Promise.resolve([{ a: 1 }])))?.["text/html"]), /^<table>/);
  assert.deepEqual(await formsOfValue(Promise.resolve([1, 2])), { "text/plain": "[ 1, 2 ]" });
  assert.deepEqual(await formsOfValue(Promise.resolve(undefined)), {});
  await assert.rejects(formsOfValue(Promise.reject(new Error("late"))), /^Error: late$/);
});

test("an interrupt ends the wait for a promise that becomes nothing", async () => {
  const before = process.listenerCount("SIGINT");
  const forms = formsOfValue(new Promise(() => {}));
  assert.equal(process.listenerCount("SIGINT"), before + 1);
  process.emit("SIGINT");
  await assert.rejects(forms, /^Interrupted: the cell was interrupted$/);
  assert.equal(process.listenerCount("SIGINT"), before);
});

test("a display that nobody awaits shows no promise, and its error is the cell's", async (t) => {
  t.mock.method(process.stdout, "write", () => true);
  assert.deepEqual(await formsOfValue(fk.display([{ a: 1 }])), {});
  await assert.rejects(formsOfValue(fk.display([{ a: 1 }], { maxRows: 0 })), /maxRows must be/);
});
