import { nameSettings } from "../../errors.js";
import { withInterrupt } from "../../files/interrupt.js";
import { currentFrontend } from "./frontend.js";

/** Errors whose message says all, by name: those of a fedkmeans-viz elsewhere are other classes. */
const ONE_LINERS = ["UsageError", "RunError"];

/**
 * Does what a cell asks for. In a notebook the work is aborted when the cell is interrupted, and an error is the one
 * line that says what is wrong: it names settings as a cell does, and has no stack.
 *
 * @param signal aborts the work as well
 */
export async function inCell<T>(
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal = new AbortController().signal,
): Promise<T> {
  try {
    if (currentFrontend().kind === "terminal") return await work(signal);
    // The listener for interrupts is added after the cell's synchronous part has run. Until then tslab has Node catch
    // interrupts by itself, and a listener that was added would hear none later: an interrupt would end the kernel.
    await Promise.resolve();
    return await withInterrupt((interrupt) => work(AbortSignal.any([signal, interrupt])));
  } catch (error) {
    if (error instanceof Error && ONE_LINERS.includes(error.name)) {
      error.message = nameSettings(error.message, (name) => name);
      error.stack = `${error.name}: ${error.message}`;
    }
    throw error;
  }
}
