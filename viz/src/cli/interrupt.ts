import { RunError } from "fedkmeans/directory";

/**
 * Runs something that Ctrl-C or a SIGTERM aborts in an orderly way, so that threads and ffmpeg end and nothing
 * half-made is left. A second Ctrl-C ends the process at once.
 */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new RunError("interrupted"));
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
