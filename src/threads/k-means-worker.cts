import { makeRestarts } from "./k-means-restarts.js";
import { serveTasks } from "./serve-tasks.js";

/*
 * The program of a thread of the server's k-means. A .cts file, so that Deno takes it for CommonJS from outside the
 * package too.
 */

serveTasks(makeRestarts);
