import type { Experiment, RoundFacts } from "../../read/experiment.js";
import { measureText } from "../text/numbers.js";
import type { View } from "./frame.js";

/** "Round 3 of 10"; without the run's last round where nobody knows it. Where clients are asked once there is none. */
export function roundTitle({ rounds, lastRound, isOneShot }: Experiment, roundIndex: number): string {
  const { round } = rounds[roundIndex];
  if (isOneShot) return "One exchange";
  // Another program may count otherwise than its files do.
  return lastRound === null || lastRound < round ? `Round ${round}` : `Round ${round} of ${lastRound}`;
}

/** What happens in a picture, in one short sentence that is true of this run; seldom two. */
export function sentenceOf(experiment: Experiment, roundIndex: number, view: View): string {
  const round = experiment.rounds[roundIndex];
  if (view === "local") return localSentence(experiment, round, roundIndex);
  if (view === "aggregation") return serverSentence(experiment, round, roundIndex);
  return endSentence(experiment, round, roundIndex) ?? broadcastSentence(experiment);
}

function localSentence(experiment: Experiment, round: RoundFacts, roundIndex: number): string {
  const { groups, clients, noise } = experiment;
  const rows = groups === null ? "rows" : "groups of rows";
  if (clients.length === 0) {
    if (roundIndex > 0) return "The server sends its means out; of the clients nothing was recorded.";
    return "Of the clients nothing was recorded.";
  }
  if (noise !== null) {
    return roundIndex === 0 && round.change === null
      ? "Each client sends noisy sums of its rows, and no mean."
      : "Each client sends noisy sums of its rows by cluster, and no mean.";
  }
  if (isStart(round, roundIndex)) {
    if (!round.areLocalsRecorded) return "Each client holds its own rows; what it sends was not recorded.";
    if (round.locals.length === 0) return "Each client holds its own rows; none has sent a mean.";
    return `Each client makes means of its own ${rows} and sends them.`;
  }
  if (!round.areLocalsRecorded) {
    return roundIndex > 0
      ? "Clients received these means; what they sent back was not recorded."
      : "What clients received and sent back was not recorded.";
  }
  if (roundIndex === 0) return "The means that clients were sent are not known.";
  const does = `Each client moves the means it was sent to its ${rows}.`;
  const areRowsOfGroups = groups !== null && clients.some(({ points }) => points?.weights === null);
  return areRowsOfGroups ? `${does} Rows have the colour of their own nearest mean.` : does;
}

function serverSentence(
  { algorithm, isOneShot, noise }: Experiment,
  round: RoundFacts,
  roundIndex: number,
): string {
  if (noise !== null) {
    return round.change === null
      ? "The server makes the first means of the totals of the clients' noisy sums."
      : "The server moves the means by the totals of the clients' noisy sums.";
  }
  if (!round.areLocalsRecorded) {
    return "The server makes new global means of what clients sent, which was not recorded.";
  }
  if (round.locals.length === 0) return "The server sets out from means of its own.";
  if (isOneShot) return "The server groups the local means: these are the global ones.";
  const isExact = algorithm === "lloyd" || algorithm === "best-lloyd";
  if (isExact && roundIndex > 0) return "The server averages the local means of each cluster, by their rows.";
  if (algorithm === "best-lloyd")
    return "The server tries several starts made of these means, and keeps the best.";
  return "The server makes the new global means of all the local means.";
}

function broadcastSentence({ clients, noise }: Experiment): string {
  if (noise !== null && clients.length > 0) {
    return "The global means, which are noisy, go out to every client, whose rows stay there.";
  }
  if (clients.length === 0) return "These are the new global means.";
  return "The global means go out to every client, whose rows stay there.";
}

/** Of the run's own last round, how it ended; of the last one there is yet, or that is left, that. null of others. */
function endSentence(experiment: Experiment, round: RoundFacts, roundIndex: number): string | null {
  const { rounds, lastRound, status, isOneShot, converged, cycleLength, tolerance, noise } = experiment;
  if (roundIndex < rounds.length - 1) return null;
  if (status === "running") return `Round ${round.round} is the last so far.`;
  if (round.round !== lastRound) return `The run went on after round ${round.round}.`;
  if (status === "aborted") return `The run was aborted after round ${round.round}.`;
  if (isOneShot) return "Clients are asked once: these are the final means.";
  const { change } = round;
  if (noise !== null && converged === true) {
    const moved = change === null ? "" : `, and moved by ${measureText(change)}`;
    return `All planned rounds were made: the global means are noisy${moved}.`;
  }
  if (converged === true) {
    if (change === null) return "The global means have settled.";
    const limit = tolerance === null ? "" : `, tolerance ${measureText(tolerance)}`;
    return `The global means have settled: they moved by ${measureText(change)}${limit}.`;
  }
  if (cycleLength !== null) {
    return `These are round ${round.round - cycleLength}'s means again: the best of a cycle of ${cycleLength} rounds.`;
  }
  if (converged === null) return `Round ${round.round} is the last there is; how the run ended is unknown.`;
  if (change === null) return "No further round was asked for: these are the start's means.";
  if (change === 0) return `Round ${round.round} was the last: the means did not move.`;
  return `Round ${round.round} was the last allowed: the means still moved by ${measureText(change)}.`;
}

/** Whether the clients' means, if any, began as nothing: a directory may begin with a later round. */
function isStart({ locals }: RoundFacts, roundIndex: number): boolean {
  return roundIndex === 0 && locals.every(({ origins }) => origins.every((origin) => origin === null));
}
