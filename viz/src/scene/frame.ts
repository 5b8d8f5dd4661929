/**
 * Local: how each client gets its local means from the global ones. Aggregation: local means of all clients flow
 * into the new global means. Global: those over each client's rows.
 */
export type View = "local" | "aggregation" | "global";

/** In the order in which they happen in a round. */
export const VIEWS: readonly View[] = ["local", "aggregation", "global"];

/** What moves between still pictures. */
export type Stage = "assign" | "update" | "withhold" | "collect" | "aggregate" | "broadcast";

/** One picture of an experiment. */
export interface Frame {
  /** Index into `Experiment.rounds`. */
  readonly roundIndex: number;
  readonly view: View;
  /** A stage of the round and how far it has come, 0 to 1; null is the still picture of the view. */
  readonly motion: { readonly stage: Stage; readonly progress: number } | null;
  /** File name without extension, unique in a plan; sorts in the order of the plan. */
  readonly name: string;
}
