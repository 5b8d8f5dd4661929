/*
 * The entry `fedkmeans/directory`: what a program needs that reads experiment directories, and nothing of how runs are
 * made. It loads no worker and no reader of data.
 */

export { messageOf, RunError, UsageError } from "../errors.js";
export { makeFolder } from "../files/make-folder.js";
