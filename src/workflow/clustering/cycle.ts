import { hash128 } from "../../numerics/hash128.js";
import type { Matrix } from "../../numerics/matrix.js";

/*
 * Rounds need not settle: a mean that a client withholds under one set of global means and sends under another comes
 * and goes, and with it the global means go round in a cycle. Such a run ends where the cycle is at its best.
 */

/** What of a round tells a cycle. */
export interface Trace {
  /** A hash of the global means, bit by bit: all that clients are sent, and all that the next round sets out from. */
  readonly means: string;
  /** Inertia of the points under the means of the round before; null at the start or where a client was missing. */
  readonly inertiaBefore: number | null;
}

/** How often a cycle is gone through before it counts as one. */
export type Passes = 1 | 2;

export function traceOf(means: Matrix, inertiaBefore: number | null): Trace {
  const { buffer, byteOffset, byteLength } = means.data;
  const hash = hash128(new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT));
  return { means: hash.join(" "), inertiaBefore };
}

/**
 * The number of rounds of a cycle that the last round is in, if it has the least inertia of them; of equals, the one
 * that comes first. Means that stay as they are have converged, and are no cycle.
 *
 * @param traces of the rounds from 0 on
 * @param passes 1 where a round follows from the means before it alone: once the means come again, so does all that
 *   came after them. 2 where the server also draws anew each round: then the whole cycle must have come twice
 * @returns null while there is none, while a client was missing in it, or while the best of it is yet to come
 */
export function cycleAt(traces: readonly Trace[], passes: Passes): number | null {
  const last = traces.length - 1;
  for (let period = 1; passes * period <= last; period++) {
    if (!hasPeriod(traces, period, passes)) continue;
    if (period === 1) return null;
    // A round's means are scored by the replies to them. The last one's were, a period ago.
    const inertias = traces.slice(last - period + 1).map(({ inertiaBefore }) => inertiaBefore!);
    return Math.min(...inertias) === inertias[0] ? period : null;
  }
  return null;
}

function hasPeriod(traces: readonly Trace[], period: number, passes: Passes): boolean {
  const last = traces.length - 1;
  for (let round = last; round >= last - (passes - 1) * period; round--) {
    if (traces[round].means !== traces[round - period].means) return false;
  }
  for (let round = last; round > last - passes * period; round--) {
    if (traces[round].inertiaBefore === null) return false;
  }
  return true;
}
