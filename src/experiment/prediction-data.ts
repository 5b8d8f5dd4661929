import { stat } from "node:fs/promises";
import { parse } from "node:path";
import { anyOf, extensionsOf, FORMATS } from "../data/formats/formats.js";
import { NO_LABELS, tableOptions } from "../data/formats/table.js";
import { isPartitionFile } from "../data/partitions/partition-folder.js";
import { findPartitions, type PartitionList } from "../data/partitions/partition-list.js";
import { messageOf, UsageError } from "../errors.js";
import { configure } from "./configuration.js";
import { type DataSettings, dataSettings, dataSettingsOfRun, type LoadOptions } from "./data-settings.js";
import type { Experiment } from "./open.js";

/** The run's own way of reading, but for its labels; and the features that the run knows by name, whatever beside. */
export function predictionSettings(run: Experiment, given: LoadOptions): DataSettings {
  const { featureNames, experimentDir } = run;
  const own = dataSettingsOfRun(run);
  const asked = dataSettings(configure({ ...given, data: experimentDir }));
  const names = Object.keys(given) as (keyof DataSettings)[];
  const chosen = Object.fromEntries(names.filter((name) => name in own).map((name) => [name, asked[name]]));
  const settings = { ...own, labelColumn: null, clientColumn: null, ...chosen };
  if (featureNames === null) return settings;
  return { ...settings, labelColumn: NO_LABELS, columns: featureNames, dropColumns: [] };
}

/**
 * The tables of rows to predict: a file is one, unless a column says whose each row is.
 *
 * @param path a file of rows, or a folder of such files
 * @throws UsageError for a path that will not do
 */
export async function findFiles(path: string, settings: DataSettings): Promise<PartitionList> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      error.code === "ENOENT" ? `${path}: no such file or folder` : `${path}: ${messageOf(error)}`,
    );
  });
  if (stats.isDirectory() || settings.clientColumn !== null) {
    return findPartitions(path, settings);
  }
  const { name, base } = parse(path);
  if (!isPartitionFile(base)) {
    throw new UsageError(
      `${path}: a ${anyOf(extensionsOf(FORMATS, "plain"))} file expected, or a folder of such files`,
    );
  }
  const ref = { client: name, path, table: tableOptions(settings), clientColumn: null };
  return { refs: [ref], notices: [] };
}
