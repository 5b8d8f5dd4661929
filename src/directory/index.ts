/**
 * The entry `fedkmeans/directory`: what a program needs that reads experiment directories, and nothing of how runs are
 * made. It loads no worker and no reader of data.
 *
 * @module fedkmeans/directory
 */

export { messageOf, RunError, UsageError } from "../errors.js";
export { makeFolder } from "../files/make-folder.js";
export { mindStandardStreams } from "../files/standard-streams.js";
export { isAlive } from "../files/this-process.js";
export { FLAG, NUMBER, TEXT } from "./json-object.js";
export { type Layout, layoutOf } from "./layout.js";
export { enterInManifest } from "./manifest.js";
export { readArray } from "./read-array.js";
export { type LoggedRound, readRounds } from "./read-experiment.js";
export { type LoggedLocal, readLocals } from "./read-local.js";
export { type LoggedMetrics, readMetrics } from "./read-metrics.js";
export { type LoggedSummary, readSummaryIfAny, settingOf } from "./read-summary.js";
