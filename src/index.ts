export type { ArrayInMemory, ObjectRow, RowsOfOne, TableInMemory } from "./data/formats/table-in-memory.js";
export type { RowsInMemory } from "./data/partitions/federation-in-memory.js";
export type { Partition } from "./data/partitions/partition.js";
export { type Verification, verify } from "./directory/verify.js";
export { RunError, UsageError } from "./errors.js";
export type { LoadOptions } from "./experiment/data-settings.js";
export { type Experiment, type ExperimentLike, type ExperimentRound, open } from "./experiment/open.js";
export type { Prediction } from "./experiment/predict.js";
export type { ClientOutcome, RunResult } from "./experiment/result.js";
export type { RunHooks } from "./experiment/run.js";
export type { Configuration } from "./experiment/settings.js";
export type { Twin, TwinScore } from "./experiment/twin.js";
export type { RunEvent } from "./federation/run-event.js";
export { chart, type Panel, type Series } from "./markup/chart.js";
export { adjustedRandIndex, crosstab } from "./notebook/crosstab.js";
export {
  type Data,
  type FederatedData,
  type GenerateOptions,
  generate,
  load,
} from "./notebook/data.js";
export { evaluate } from "./notebook/evaluate.js";
export { type DisplayOptions, display } from "./notebook/output/display.js";
export { predict } from "./notebook/predict.js";
export { type RunSettings, resume, run, watch } from "./notebook/run.js";
export { chooseK, type Grid, reproduce, sweep } from "./notebook/studies.js";
export {
  assignments,
  centroids,
  type HistoryRow,
  history,
  type LocalClusterRow,
  localClusters,
  type MessageRow,
  messages,
  type Row,
  rows,
} from "./notebook/tables.js";
export {
  type FrameOptions,
  frame,
  type Picture,
  type Video,
  type VideoOptions,
  video,
} from "./notebook/viz.js";
export type { Matrix } from "./numerics/matrix.js";
export type { ChooseKOptions, KChoice, KScore } from "./study/choose-k.js";
export type { ReproduceOptions } from "./study/reproduce/reproduce.js";
export type { Reproduction } from "./study/reproduce/reproduction.js";
export type { Spread } from "./study/statistics.js";
export type { SweepOptions } from "./study/sweep.js";
export type { SweepCell, SweepResult, SweepRun } from "./study/sweep-result.js";
export type { Metrics } from "./workflow/metrics.js";
