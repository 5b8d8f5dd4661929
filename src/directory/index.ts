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
export { enterInManifest } from "./manifest.js";
