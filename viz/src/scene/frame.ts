/**
 * Local: how each client gets its local means from the global ones. Aggregation: local means of all clients flow
 * into the new global means. Global: those over each client's rows.
 */
export type View = "local" | "aggregation" | "global";

/** In the order in which they happen in a round. */
export const VIEWS: readonly View[] = ["local", "aggregation", "global"];

/** What a round does from one still picture to the next. */
export type Step = "assign" | "update" | "withhold" | "collect" | "aggregate" | "broadcast";

/** One picture of an experiment. */
export interface Frame {
  /** Index into `Experiment.rounds`. */
  readonly roundIndex: number;
  readonly view: View;
  /** A step of the round and how far it has come, 0 to 1; null is the still picture of the view. */
  readonly motion: { readonly step: Step; readonly progress: number } | null;
  /** File name without extension, unique in a plan; sorts in the order of the plan. */
  readonly name: string;
}
