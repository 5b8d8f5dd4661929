/**
 * Local: how each client gets its local means from the global ones. Aggregation: local means of all clients flow
 * into the new global means. Global: those over each client's rows.
 */
export type View = "local" | "aggregation" | "global";

/** In the order in which they happen in a round. */
export const VIEWS: readonly View[] = ["local", "aggregation", "global"];

/** What happens in a round, one after the other, and moves. */
export type Step = "assign" | "update" | "withhold" | "collect" | "aggregate" | "broadcast";

/** In the order in which they happen in a round. */
export const STEPS: readonly Step[] = ["assign", "update", "withhold", "collect", "aggregate", "broadcast"];

/** Before the first round, what the run is; after the last, how it ended. */
export type Card = "title" | "closing";

/** A still picture of a round. */
export interface StillFrame {
  readonly kind: "still";
  /** Index into `Experiment.rounds`. */
  readonly roundIndex: number;
  readonly view: View;
  /** File name without extension, unique in a plan; sorts in the order of the plan. */
  readonly name: string;
}

/** The scene of the whole run within a step. */
export interface MotionFrame {
  readonly kind: "motion";
  /** Index into `Experiment.rounds`. */
  readonly roundIndex: number;
  readonly step: Step;
  /** How far the step has come, 0 to 1. */
  readonly progress: number;
  /** What is said of it; by default `captionOf` the step. */
  readonly caption?: string;
  /** As of still frames. */
  readonly name: string;
}

/** The scene of the whole run below a card. */
export interface CardFrame {
  readonly kind: "card";
  readonly card: Card;
  /** Index into `Experiment.rounds`: the first of those shown, or the last. */
  readonly roundIndex: number;
  /** How far the card has come, 0 to 1. */
  readonly progress: number;
  /** As of still frames. */
  readonly name: string;
}

/** One picture of an experiment. */
export type Frame = StillFrame | MotionFrame | CardFrame;
