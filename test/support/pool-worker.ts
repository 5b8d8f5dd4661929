import { threadId } from "node:worker_threads";
import { serveTasks } from "#src/threads/serve-tasks.js";

/* The program of a pool's thread: answers with its own number, or does as it is told instead. */

export type PoolTask = "answer" | "throw" | "throw later" | "exit" | "hang";

serveTasks(async (task: PoolTask): Promise<number> => {
  if (task === "throw") throw new Error("out of\n  cheese");
  if (task === "exit") process.exit(3);
  if (task === "hang") for (;;);
  if (task === "throw later") {
    setImmediate(() => {
      throw new Error("the disk is full");
    });
    await new Promise(() => {});
  }
  return threadId;
});
