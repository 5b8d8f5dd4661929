import { existsSync } from "node:fs";
import {
  type Layout,
  type LoggedSummary,
  layoutOf,
  messageOf,
  RunError,
  readGlobalRound,
  roundsOf,
} from "fedkmeans/directory";
import type { Problem } from "./problem.js";
import { type ReadRound, readRound } from "./round.js";

/** The rounds of a directory, as far as they go. */
export interface ReadRounds {
  /** Whole ones, without a gap; at least one. */
  readonly rounds: readonly ReadRound[];
  /** In client order: those that the summary or files name, then those that only metadata do. */
  readonly clients: readonly string[];
  /** Why there are no later rounds, and no earlier ones, where files are the reason; null where they are not. */
  readonly torn: Problem | null;
  readonly begun: Problem | null;
  /** Clients whose part in a round cannot be read. */
  readonly problems: readonly Problem[];
}

/**
 * Reads rounds from the first whole one to the last before one that is not, or is missing.
 *
 * @throws RunError if not one round is whole
 */
export function readRounds(directory: string, summary: LoggedSummary): ReadRounds {
  const layout = layoutOf(directory, summary.clients);
  const numbers = roundsOf(layout);
  if (numbers.length === 0) {
    throw new RunError(
      `${directory}: no experiment directory, or one without a round: it has no global_means/round_000_metadata.json`,
    );
  }
  const rounds: ReadRound[] = [];
  const clients = summary.clients.map(({ name }) => name);
  const problems: Problem[] = [];
  let failed: Failed | null = null;
  let start = numbers[0];
  for (const round of numbers) {
    const before = rounds.at(-1) ?? null;
    if (before !== null && round > before.round + 1) {
      failed = missing(layout, before.round + 1);
      break;
    }
    try {
      const logged = readGlobalRound(layout, round, summary, before?.nFeatures ?? null);
      for (const name of [...logged.clients, ...logged.dropped.map(({ client }) => client)]) {
        if (!clients.includes(name)) clients.push(name);
      }
      // Another program may count from elsewhere.
      if (before === null) start = logged.isOurs ? 0 : numbers[0];
      const isFirst = round === start;
      rounds.push(readRound(logged, layout, { clients, before, isFirst }, problems));
    } catch (error) {
      failed = { round, what: "is damaged", detail: messageOf(error) };
      if (before !== null) break;
    }
  }
  if (rounds.length === 0) throw new RunError(`${directory}: no whole round: ${failed!.detail}`);
  const first = rounds[0].round;
  const last = rounds.at(-1)!.round;
  const isCut = failed !== null && failed.round > last;
  const cause = numbers[0] < first ? `Round ${first - 1} is damaged` : `Round ${first - 1} is missing`;
  return {
    rounds,
    clients,
    torn: isCut
      ? {
          short: `Round ${failed!.round} ${failed!.what}: drawn up to round ${last}.`,
          detail: failed!.detail,
        }
      : null,
    begun:
      first > start
        ? {
            short: `${cause}: drawn from round ${first} on.`,
            detail: isCut ? null : (failed?.detail ?? null),
          }
        : null,
    problems,
  };
}

/** Which round ends the reading, and why. */
interface Failed {
  readonly round: number;
  readonly what: string;
  readonly detail: string;
}

function missing(layout: Layout, round: number): Failed {
  const path = layout.globalMetadata(round);
  return {
    round,
    what: existsSync(layout.globalMeans(round)) ? "is damaged" : "is missing",
    detail: `${path}: no such file`,
  };
}
