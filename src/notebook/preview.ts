import { isTable, type TableInMemory } from "../data/formats/rows-in-memory.js";
import type { RowsInMemory } from "../data/partitions/federation-in-memory.js";
import { findPartitions, type PartitionList } from "../data/partitions/partition-list.js";
import { nameSettingsInProgram } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import { dataSettings } from "../experiment/data-settings.js";
import { findFiles } from "../experiment/prediction-data.js";
import { type Preview, type PreviewSettings, previewClients } from "../experiment/preview.js";
import { type Data, optionsOf, readData } from "./data.js";
import { inCell } from "./output/in-cell.js";

/**
 * Says what would leave each client, before anything does, in counts and names: groups and their sizes, the share of
 * groups of one value in each column, rows that wait, what labels would tell, and rows that could be proven. Nothing is
 * sent or written.
 *
 * @param data one client's file, a folder of such files, what `load` returned, or rows in memory: of one client, or of
 *   several by name
 * @param options how the data is read; `groupSize`, `groupScale`, `kGlobal` as of a run; `shareLabels`
 * @throws UsageError for data or settings that will not do; RunError for rows that will not
 * @example await fk.display(await fk.preview("visits.csv", { labelColumn: "diagnosis" }));
 */
export function preview(data: Data | TableInMemory, options: PreviewSettings = {}): Promise<Preview> {
  return inCell(async () => {
    const { notices, ...found } = await previewClients(await findClients(data, options), options);
    return { ...found, notices: nameSettingsInProgram(notices) };
  });
}

/** The clients of data: a file is one, unless a column says whose each row is; so is a table in memory. */
async function findClients(data: Data | TableInMemory, options: PreviewSettings): Promise<PartitionList> {
  const isOne = typeof data !== "string" && isTable(data) && (options.clientColumn ?? null) === null;
  const { source, options: reading } = readData(
    isOne ? [data] : (data as string | RowsInMemory),
    optionsOf(options),
  );
  const settings = dataSettings(configure({ ...reading, data: source }));
  return typeof source === "string" ? findFiles(source, settings) : findPartitions(source, settings);
}
