/** Global: the means as sent to clients. Local: each client's update. Aggregation: local means into new global ones. */
export type View = "global" | "local" | "aggregation";

export const VIEWS: readonly View[] = ["global", "local", "aggregation"];

/** One picture of an experiment. */
export interface Frame {
  /** Index into `Experiment.rounds`. */
  readonly roundIndex: number;
  readonly view: View;
  /** How far the motion of the view has come, 0 to 1; 1 is the still picture. */
  readonly progress: number;
  /** File name without extension. */
  readonly name: string;
}
