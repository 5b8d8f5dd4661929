/**
 * The entry `fedkmeans/directory`: what a program needs that reads experiment directories, and nothing of how runs are
 * made. It loads no worker and no reader of data.
 *
 * @module fedkmeans/directory
 */

export { messageOf, RunError, UsageError } from "../errors.js";
export type { FileFingerprint } from "../files/file-hash.js";
export { withInterrupt } from "../files/interrupt.js";
export { sweepLeftovers, temporaryName } from "../files/leftovers.js";
export { makeFolder } from "../files/make-folder.js";
export { mindStandardStreams } from "../files/standard-streams.js";
export type { Matrix } from "../numerics/matrix.js";
export { type ClientPrivacy, haveGroups, type LoggedClient } from "./clients.js";
export { FLAG, type JsonObject, type Kind, NUMBER, TEXT } from "./json-object.js";
export { type Layout, layoutOf } from "./layout.js";
export { enterInManifest } from "./manifest.js";
export { readArray } from "./read-array.js";
export { type LoggedRound, type Rounds, readGlobalRound, readRounds } from "./read-experiment.js";
export { type LocalFacts, type LoggedLocal, readLocals, type WhichRound } from "./read-local.js";
export {
  type LoggedContingency,
  type LoggedEvaluation,
  type LoggedMetrics,
  type LoggedNoisy,
  readMetrics,
} from "./read-metrics.js";
export { type LoggedPoints, readPoints } from "./read-points.js";
export type { LoggedProvenance } from "./read-provenance.js";
export { type RoundFacts, roundsOf } from "./read-round.js";
export { type ClusterStability, readStability, type Stability } from "./read-stability.js";
export {
  type LoggedResults,
  type LoggedSummary,
  readSummaryIfAny,
  settingOf,
  summaryOfFiles,
} from "./read-summary.js";
export type {
  DeploymentRecord,
  DroppedClient,
  EnvironmentRecord,
  HistoryEntry,
  PartitionRecord,
  Provenance,
} from "./summary.js";
