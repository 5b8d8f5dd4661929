import { serveTasks } from "../threads/serve-tasks.js";
import { ClientCache } from "./client-cache.js";
import { doTask, type Task } from "./task.js";

/*
 * The program of a study's thread: whole federations, one at a time. A .cts file, so that Deno takes it for CommonJS
 * from outside the package too.
 */

const cache = new ClientCache();
serveTasks((task: Task) => doTask(task, cache));
