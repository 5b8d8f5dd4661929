import type { Experiment } from "../read/experiment.js";
import { STEPS, type Step } from "./frame.js";
import { sentenceOf } from "./sentence.js";

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

function happens({ rounds }: Experiment, roundIndex: number, step: Step): boolean {
  const { locals } = rounds[roundIndex];
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
  const { groups } = experiment;
  const rows = groups === null ? "rows" : "groups";
  switch (step) {
    case "assign":
      return `Each of a client's ${rows} takes the nearest global mean.`;
    case "update":
      if (roundIndex === 0) return `Each client makes means of its own ${rows}.`;
      return `Means move to the middle of their ${rows}.`;
    case "withhold":
      return "Means of too few rows are withheld.";
    case "collect":
      return "Each client sends its local means and their numbers of rows.";
    case "aggregate":
      return sentenceOf(experiment, roundIndex, "aggregation");
    case "broadcast":
      return "The global means go out to every client.";
  }
}
