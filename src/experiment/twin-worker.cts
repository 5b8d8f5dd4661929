import { serveTasks } from "../threads/serve-tasks.js";
import { twinOf } from "./twin.js";

/*
 * The program of a thread that pools and clusters a simulation's rows. A .cts file, so that Deno takes it for CommonJS
 * from outside the package too.
 */

serveTasks(twinOf);
