import type { Experiment } from "../../read/experiment.js";
import { STEPS, type Step } from "./frame.js";

/** A step of a round, with what it is in words. */
export interface CaptionedStep {
  readonly step: Step;
  readonly caption: string;
}

/** Round numbers, both included. */
export interface RoundRange {
  readonly first: number;
  readonly last: number;
}

/** Indices of the rounds of a range; null is all of them. */
export function roundsWithin({ rounds }: Experiment, range: RoundRange | null): number[] {
  const { first, last } = range ?? { first: 0, last: Infinity };
  return [...rounds.keys()].filter((index) => rounds[index].round >= first && rounds[index].round <= last);
}

/** The steps that happen in a round, in order. */
export function stepsOf(experiment: Experiment, roundIndex: number): CaptionedStep[] {
  return STEPS.filter((step) => happens(experiment, roundIndex, step)).map((step) => ({
    step,
    caption: captionOf(experiment, roundIndex, step),
  }));
}

function happens({ rounds, clients }: Experiment, roundIndex: number, step: Step): boolean {
  const { locals } = rounds[roundIndex];
  // Of a server alone nothing is seen but what it makes.
  if (clients.length === 0) return step === "aggregate";
  if (step === "assign") return roundIndex > 0;
  if (step === "update" || step === "collect") return locals.length > 0;
  if (step === "withhold") return locals.some(({ withheld }) => withheld.length > 0);
  return true;
}

/**
 * What happens in a step, in a few words.
 *
 * @param step one that happens in the round
 */
export function captionOf(experiment: Experiment, roundIndex: number, step: Step): string {
  const { rounds, groups, algorithm, isOneShot, noise } = experiment;
  const { locals, areLocalsRecorded, change } = rounds[roundIndex];
  const rows = groups === null ? "rows" : "groups";
  switch (step) {
    case "assign":
      return `Each client assigns its ${rows} to the nearest global mean.`;
    case "update":
      if (locals.every(({ origins }) => origins.every((origin) => origin === null))) {
        return `Each client makes means of its own ${rows}.`;
      }
      return `Each client moves the means to its ${rows}.`;
    case "withhold":
      return "Means of too few rows are withheld.";
    case "collect":
      return "Clients send their local means and how many rows each has.";
    case "aggregate":
      if (noise !== null) {
        return change === null
          ? "Clients send noisy sums, of whose totals the server makes the first means."
          : "Clients send noisy sums, by whose totals the server moves the means.";
      }
      if (!areLocalsRecorded) return "The server makes new global means; what clients sent was not recorded.";
      if (locals.length === 0) return "The server sets out from means of its own.";
      if (isOneShot) return "The server groups the local means into the global ones.";
      if ((algorithm === "lloyd" || algorithm === "best-lloyd") && roundIndex > 0) {
        return "The server averages the means of each cluster, by their rows.";
      }
      if (algorithm === "best-lloyd") return "The server tries starts made of them, and keeps the best.";
      if (algorithm === "fkm") return "The server clusters all the local means into the new global ones.";
      return "The server makes the new global means of them.";
    case "broadcast":
      return "The global means go out to every client.";
  }
}
