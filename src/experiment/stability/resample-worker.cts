import { serveTasks } from "../../threads/serve-tasks.js";
import { clusterResamples, type ResampleTask } from "./resample.js";

/*
 * The program of a thread that clusters resamples of a run's points. A .cts file, so that Deno takes it for CommonJS from
 * outside the package too.
 */

const { signal } = new AbortController();
serveTasks((task: ResampleTask) => clusterResamples(task, signal));
