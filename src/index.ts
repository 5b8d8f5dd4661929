/**
 * Federated k-means: `import * as fk from "fedkmeans"` in a notebook or a program.
 *
 * @module fedkmeans
 */

export type {
  ArrayInMemory,
  CellInMemory,
  NumbersInMemory,
  ObjectRow,
  RowsOfOne,
  TableInMemory,
} from "./data/formats/rows-in-memory.js";
export type { TableOptions } from "./data/formats/table.js";
export type { BlobsOptions } from "./data/generators/generate-blobs.js";
export type { PaperOptions } from "./data/generators/generate-paper.js";
export type { RowsInMemory } from "./data/partitions/federation-in-memory.js";
export type { DataSource, MemoryData, MemoryRef } from "./data/partitions/memory-data.js";
export type { Partition } from "./data/partitions/partition.js";
export type { LedgerRow } from "./directory/ledger-summary.js";
export type { TypedArray } from "./directory/npy.js";
export type { LoggedMetrics } from "./directory/read-metrics.js";
export type { ClusterStability, Stability } from "./directory/read-stability.js";
export type { EnvironmentRecord } from "./directory/summary.js";
export { type Verification, verify } from "./directory/verify.js";
export { RunError, UsageError } from "./errors.js";
export type { Collected, CollectedClient } from "./experiment/collect/collect.js";
export type { DataSettings, LoadOptions } from "./experiment/data-settings.js";
export type { ClusterAgreement } from "./experiment/diff/agreement.js";
export type { Both, ClientData, DataDiff, DiffSide, RunDiff } from "./experiment/diff/diff.js";
export type { ClusterPair, FinalMeansDiff } from "./experiment/diff/final-means.js";
export type { RunHooks } from "./experiment/execute.js";
export type { Exported } from "./experiment/export/export-directory.js";
export {
  type Experiment,
  type ExperimentLike,
  type ExperimentRound,
  open,
  type RoundOutcome,
} from "./experiment/open.js";
export type { PlannedFeature, PlannedQuestion, RunPlan } from "./experiment/plan.js";
export type { Prediction } from "./experiment/predict.js";
export type { Preview, PreviewSettings } from "./experiment/preview.js";
export type { MetricDifference } from "./experiment/rerun/compare-results.js";
export type { ArrayDifference, RerunDifference } from "./experiment/rerun/compare-round.js";
export type { Rerun } from "./experiment/rerun/rerun.js";
export type { ClientOutcome, LabelsUsed, RunResult } from "./experiment/result.js";
export type { Configuration } from "./experiment/settings.js";
export type { Twin, TwinCost, TwinScore, TwinScores } from "./experiment/twin.js";
export type { Round, RunEvent } from "./federation/run-event.js";
export { type ChartOptions, chart, type Panel, type Series } from "./markup/chart.js";
export type { Value } from "./markup/html.js";
export { type Ink, ON_PAGE, ON_PAPER } from "./markup/palette.js";
export { collect } from "./notebook/collect.js";
export { adjustedRandIndex, crosstab } from "./notebook/crosstab.js";
export {
  type Data,
  type FederatedData,
  type GenerateOptions,
  generate,
  load,
} from "./notebook/data.js";
export { diff } from "./notebook/diff.js";
export { evaluate } from "./notebook/evaluate.js";
export { exportRun } from "./notebook/export.js";
export { type DisplayOptions, display } from "./notebook/output/display.js";
export type { PanelOptions } from "./notebook/picture/panels.js";
export { type ScatterOptions, scatter } from "./notebook/picture/scatter.js";
export type { MapOptions } from "./notebook/picture/scatter-of-run.js";
export type { TableScatterOptions } from "./notebook/picture/scatter-of-table.js";
export { plan } from "./notebook/plan.js";
export { predict } from "./notebook/predict.js";
export { preview } from "./notebook/preview.js";
export { type CellReportOptions, type Report, type Reported, report } from "./notebook/report.js";
export { rerun } from "./notebook/rerun.js";
export { type RunSettings, resume, run, watch } from "./notebook/run.js";
export { save } from "./notebook/save.js";
export { chooseK, type Grid, reproduce, sweep } from "./notebook/studies.js";
export { type CentroidRow, centroids } from "./notebook/tables/centroids.js";
export { type HistoryRow, history } from "./notebook/tables/history.js";
export { ledger } from "./notebook/tables/ledger.js";
export { type LocalClusterRow, localClusters } from "./notebook/tables/local-clusters.js";
export { type MessageRow, messages } from "./notebook/tables/messages.js";
export type { Row } from "./notebook/tables/row.js";
export { type AssignedRow, assignments, type DataRow, rows } from "./notebook/tables/rows.js";
export { type StabilityRow, stability } from "./notebook/tables/stability.js";
export {
  type DiagnosticsOptions,
  diagnostics,
  type FrameOptions,
  frame,
  type Picture,
  type PosterOptions,
  poster,
  type VectorPicture,
  type Video,
  type VideoOptions,
  video,
} from "./notebook/viz.js";
export type { Matrix } from "./numerics/matrix.js";
export type { PrincipalComponents } from "./numerics/principal-components.js";
export type { Projection, Standardization, Transform } from "./numerics/transform.js";
export type { GroupScale } from "./privacy/groups.js";
export type { ClientPreview, ColumnPreview, LabelPreview } from "./privacy/preview.js";
export type { ReportFormat } from "./report/page/make-report.js";
export type { ChooseKOptions } from "./study/choose-k.js";
export type { CellKey } from "./study/grid.js";
export type { KChoice, KScore } from "./study/k-choice.js";
export type { MeanAndSd, PublishedCell } from "./study/reproduce/published.js";
export type { ReproduceOptions } from "./study/reproduce/reproduce.js";
export type { ReproducedCell, ReproducedRun, Reproduction } from "./study/reproduce/reproduction.js";
export type { Spread } from "./study/statistics.js";
export type { SweepOptions } from "./study/sweep.js";
export type { SweepCell, SweepResult, SweepRun } from "./study/sweep-result.js";
export type { Agreement } from "./workflow/agreement.js";
export type { GlobalMeans } from "./workflow/clustering/aggregation.js";
export type { AlgorithmName } from "./workflow/clustering/algorithms.js";
export type { LocalClusters } from "./workflow/clustering/local-clusters.js";
export type { Evaluated, NoisySizes } from "./workflow/evaluate.js";
export type { Fit } from "./workflow/evaluation.js";
export type { Dropped } from "./workflow/exchange.js";
export type { ClientDescription, FeatureBounds } from "./workflow/handshake.js";
export type { Contingency, Metrics } from "./workflow/metrics.js";
export type { Notice } from "./workflow/notice.js";
export type { PrivateTerms, Protection } from "./workflow/protection.js";
export type { Sweeps, TransformEvent } from "./workflow/transform/agree.js";
export type { Normalization } from "./workflow/transform/normalization.js";
