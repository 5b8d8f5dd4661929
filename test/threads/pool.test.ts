import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Pool } from "#src/threads/pool.js";
import type { PoolTask } from "../support/pool-worker.js";

const never = new AbortController().signal;

function poolOf(count: number, signal = never): Pool<PoolTask, number> {
  return new Pool(join(__dirname, "..", "support", "pool-worker.js"), "the thread", count, signal);
}

const threadsAlive = () => process.getActiveResourcesInfo().filter((kind) => kind === "MessagePort").length;

test("tasks go to as many threads as there are at most, and an idle thread takes the next", async () => {
  const pool = poolOf(2);
  const first = await Promise.all([pool.run("answer"), pool.run("answer"), pool.run("answer")]);
  assert.equal(new Set(first).size, 2);
  const then = await pool.run("answer");
  assert.ok(first.includes(then));
  await pool.close();
  assert.equal(threadsAlive(), 0);
});

test("a task that throws leaves its thread to the next; one that ends its thread has another started", async () => {
  const pool = poolOf(1);
  const thread = await pool.run("answer");
  await assert.rejects(pool.run("throw"), { name: "RunError", message: "out of cheese" });
  assert.equal(await pool.run("answer"), thread);
  const failing: [PoolTask, string][] = [
    ["exit", "the thread ended with code 3"],
    ["throw later", "the thread failed: the disk is full"],
  ];
  for (const [task, message] of failing) {
    const lost = assert.rejects(pool.run(task), { name: "RunError", message });
    const next = pool.run("answer");
    await lost;
    assert.notEqual(await next, thread);
  }
  await pool.close();
  assert.equal(threadsAlive(), 0);
});

test("a signal stops tasks that run and tasks that wait, and takes no more", async () => {
  const controller = new AbortController();
  const pool = poolOf(2, controller.signal);
  const enough = { message: "enough" };
  const stopped = (["hang", "hang", "answer"] as const).map((task) => assert.rejects(pool.run(task), enough));
  await setTimeout(100);
  controller.abort(new Error("enough"));
  await Promise.all(stopped);
  await assert.rejects(pool.run("answer"), enough);
  await pool.close();
  assert.equal(threadsAlive(), 0);
});

test("the end stops what runs, lets idle threads go, and comes after they have ended", async () => {
  const pool = poolOf(2);
  await Promise.all([pool.run("answer"), pool.run("answer")]);
  const stopped = assert.rejects(pool.run("hang"), { name: "RunError", message: "the thread was stopped" });
  await setTimeout(100);
  await pool.close();
  assert.equal(threadsAlive(), 0);
  await stopped;
});
