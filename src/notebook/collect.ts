import { type Collected, collect as collectRecords } from "../experiment/collect/collect.js";
import { directoryOf, type ExperimentLike } from "../experiment/open.js";
import { inCell } from "./output/in-cell.js";

/**
 * Brings what clients on other machines kept of a run into its server's directory, once it is checked against what the
 * server recorded: then pictures show their points, and their rows where they recorded these.
 *
 * @param experiment a completed run whose clients were elsewhere: its result, or its experiment directory
 * @param folders one a client: its own folder of the run, or its log folder, which has that
 * @throws UsageError if two are one client's; RunError if the directory or a folder is not of the run or not as the server
 *   knows it, or if a file cannot be written; nothing is changed then
 * @example await fk.collect("logs/experiment_20251107_160054", ["north", "south"]);
 */
export function collect(experiment: ExperimentLike, folders: readonly string[]): Promise<Collected> {
  return inCell(async () => collectRecords(directoryOf(experiment), folders));
}
