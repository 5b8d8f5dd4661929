import { join } from "node:path";
import { Pool } from "../threads/pool.js";
import type { Twin, TwinTask } from "./twin.js";

/**
 * `twinOf` in a thread of its own, so that the calling one stays free for as long as it takes.
 *
 * @throws RunError as `twinOf`, or if the thread fails; the signal's reason once it is aborted
 */
export async function twinInThread(task: TwinTask, signal: AbortSignal): Promise<Twin> {
  const program = join(__dirname, "twin-worker.cjs");
  const pool = new Pool<TwinTask, Twin>(program, "the thread that pools the rows", 1, signal);
  try {
    return await pool.run(task);
  } finally {
    await pool.close();
  }
}
