import type { Experiment } from "../../read/experiment.js";
import type { Frame } from "../frames/frame.js";
import { sentenceOf } from "../frames/sentence.js";
import { scoresOf, titleTexts } from "../motion/cards.js";
import { countText, measureText } from "../text/numbers.js";

/** What each alternative text begins with. */
export const ALT_TEXT_START = "Video of a federated k-means run:";

/**
 * A video in a paragraph, for those who do not see it: who took part, what is shown, how it ended.
 *
 * @param frames of the video, at least one
 */
export function altTextOf(experiment: Experiment, frames: readonly Frame[]): string {
  const { rounds, lastRound } = experiment;
  const [first, last] = [frames[0].roundIndex, frames.at(-1)!.roundIndex];
  const [, who, what] = titleTexts(experiment);
  const range =
    first === last
      ? `round ${rounds[first].round}`
      : `rounds ${rounds[first].round} to ${rounds[last].round}`;
  const { sizes, round } = rounds[last];
  const of = experiment.groups === null ? "Rows" : "Rows of groups";
  const noisy = experiment.noise === null ? "" : ", with noise";
  const sentences = [
    `${ALT_TEXT_START} ${who}; ${what}.`,
    `It shows ${range}${lastRound === null || round === lastRound ? "" : ` of ${lastRound}`}, ${shownIn(experiment, frames)}.`,
    sentenceOf(experiment, last, "global"),
    ...(sizes === null
      ? []
      : [
          `${of} by cluster after round ${round}${noisy}, from cluster 0: ${sizes.map(countText).join(", ")}.`,
        ]),
    ...scoresText(experiment, round),
    ...(experiment.note === null ? [] : [experiment.note]),
  ];
  return `${sentences.join(" ")}\n`;
}

function shownIn({ clients, noise }: Experiment, frames: readonly Frame[]): string {
  const views = [...new Set(frames.flatMap((frame) => (frame.kind === "still" ? [frame.view] : [])))];
  const drawn = drawnOf(clients);
  if (views.length === 0) {
    if (clients.length === 0) return "in motion: the means move in the server's panel";
    const what = drawn === null ? "" : `, with their ${drawn},`;
    if (noise !== null) {
      return `in motion: the means move in the server's panel, and go to panels of the clients${what.slice(0, -1)}`;
    }
    return `in motion: means go between panels of the clients${what} and the server's panel`;
  }
  const told = {
    local:
      noise !== null
        ? `the means that each client was sent${drawn === null ? "" : `, over its ${drawn}`}`
        : `each client's ${drawn === null ? "local means" : `${drawn} with its local means`}`,
    aggregation:
      noise !== null
        ? "the global means that the server makes of noisy sums"
        : "the local means of all clients with the global ones made of them",
    global: `the global means ${drawn === null ? "in each client's panel" : `over each client's ${drawn}`}`,
  };
  return `in still pictures of each round: ${views.map((view) => told[view]).join("; ")}`;
}

/** What is drawn of the clients' data; null where all of it stayed with them. */
function drawnOf(clients: Experiment["clients"]): string | null {
  const parts = clients.flatMap(({ points }) => points ?? []);
  if (parts.length === 0) return null;
  if (parts.every(({ weights }) => weights === null)) return "rows";
  return parts.some(({ weights }) => weights === null) ? "rows or groups of rows" : "groups of rows";
}

/** Scores are of the run's own end. */
function scoresText(experiment: Experiment, round: number): string[] {
  const scores = round === experiment.scoredRound ? scoresOf(experiment) : [];
  if (scores.length === 0) return [];
  const of = experiment.noise === null ? "" : "Of rows, without noise: ";
  return [`${of}${scores.map(([name, value]) => `${name}: ${measureText(value)}`).join(", ")}.`];
}
