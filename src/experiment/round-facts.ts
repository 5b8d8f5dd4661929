import type { Round } from "../federation/run-event.js";
import type { HashedRound } from "./run-hash.js";

/* What the directory and the result of a run say of a round, beside its means. */

/** How many of its means each client that withheld some did, in client order. */
export function withheldMeans({ locals }: Round): [client: string, count: number][] {
  const withheld: [client: string, count: number][] = [];
  for (const { client, clusters } of locals) {
    const count = clusters.beforeFilter.sent.length - clusters.counts.length;
    if (count > 0) withheld.push([client, count]);
  }
  return withheld;
}

/** Inertia of all rows under the means of the round before; null at the start or where a client was missing. */
export function inertiaBefore({ round, locals, dropped }: Round): number | null {
  if (round === 0 || dropped.length > 0) return null;
  return locals.reduce((total, { clusters }) => total + clusters.inertia, 0);
}

/** @param keepsLocalMeans whether they are logged, and so part of the hash */
export function hashedRound({ global, locals }: Round, keepsLocalMeans: boolean): HashedRound {
  return {
    globalMeans: global.means.data,
    locals: (keepsLocalMeans ? locals : []).map(({ clusters }) => ({
      means: clusters.means.data,
      sampleCounts: BigInt64Array.from(clusters.counts, BigInt),
    })),
  };
}
