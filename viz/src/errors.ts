/** Wrong usage: an option or an argument the caller must change. The command exits with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A directory that cannot be drawn, or a video that cannot be made. The command exits with 1. */
export class VisualizeError extends Error {
  override readonly name = "VisualizeError";
}

/**
 * One line that says what went wrong.
 *
 * @param error anything that was thrown
 */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, " ");
}
