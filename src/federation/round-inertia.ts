import type { Round } from "./run-event.js";

/** Inertia of all points under the means of the round before; null at the start or where a client was missing. */
export function inertiaBefore({
  round,
  locals,
  dropped,
}: Pick<Round, "round" | "locals" | "dropped">): number | null {
  if (round === 0 || dropped.length > 0 || locals.length === 0) return null;
  return locals.reduce((total, { clusters }) => total + clusters.inertia, 0);
}
