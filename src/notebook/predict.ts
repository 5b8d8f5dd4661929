import { hasNames, isTable, type TableInMemory } from "../data/formats/rows-in-memory.js";
import { federationInMemory, type RowsInMemory, tablesOf } from "../data/partitions/federation-in-memory.js";
import { findPartitions, type PartitionList, type PartitionRef } from "../data/partitions/partition-list.js";
import { nameSettingsInProgram } from "../errors.js";
import { type DataSettings, dataSettings, type LoadOptions } from "../experiment/data-settings.js";
import { type Experiment, type ExperimentLike, open } from "../experiment/open.js";
import { BY_ORDER, type Prediction, predictRows } from "../experiment/predict.js";
import { findFiles, predictionSettings } from "../experiment/prediction-data.js";
import { compareNatural } from "../files/natural-order.js";
import { type Data, isLoaded, readData } from "./data.js";
import { inCell } from "./output/in-cell.js";

/**
 * Says which cluster each row of other data is in, as scikit-learn's `KMeans.predict`: the one whose final mean is the
 * nearest to the row, in the units that the run clustered in; of equally near ones the first. The run's own rows get
 * the run's own labels.
 *
 * @param experiment a run's result, or its experiment directory; of a run that was cut short, its last whole round
 * @param data a file of rows, a folder of such files, what `load` returned, or rows in memory. Features are found by their names,
 *   where the run knows them and the data have names, else by their order
 * @param options how the data is read, where that differs from how the run's was
 * @throws UsageError for data that are not there; RunError if the run has no means, or the data other features
 * @example const { labels } = await fk.predict(result, "new-patients.csv");
 */
export function predict(
  experiment: ExperimentLike,
  data: Data | TableInMemory,
  options: LoadOptions = {},
): Promise<Prediction> {
  return inCell(async () => {
    const run = open(experiment);
    const { notices, ...prediction } = await predictRows(run, await findTables(run, data, options));
    return { ...prediction, notices: nameSettingsInProgram(notices) };
  });
}

/**
 * The tables of data. A file is one table, unless a column says whose each row is; rows in memory that name no clients
 * are one table.
 */
async function findTables(
  run: Experiment,
  data: Data | TableInMemory,
  given: LoadOptions,
): Promise<PartitionList> {
  if (isLoaded(data)) {
    const settings = predictionSettings(run, { ...dataSettings(data), ...given });
    return data.memory === null ? findFiles(data.path!, settings) : findPartitions(data.memory, settings);
  }
  const settings = predictionSettings(run, given);
  if (typeof data === "string") return findFiles(data, settings);
  if (settings.clientColumn !== null) {
    return findPartitions(readData(data as RowsInMemory, settings).source, settings);
  }
  const tables = tablesOf(isTable(data) ? [data] : data);
  const isNamed = ([, table]: [string, TableInMemory]) => isTable(table) && hasNames(table);
  const refs = [
    ...refsOf(tables.filter(isNamed), settings),
    ...refsOf(
      tables.filter((one) => !isNamed(one)),
      { ...settings, ...BY_ORDER },
    ),
  ];
  return { refs: refs.sort((a, b) => compareNatural(a.client, b.client)), notices: [] };
}

function refsOf(tables: [string, TableInMemory][], settings: DataSettings): readonly PartitionRef[] {
  return tables.length === 0 ? [] : federationInMemory(new Map(tables), settings).clients;
}
