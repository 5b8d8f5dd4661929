import type { Partition } from "../../data/partitions/partition.js";
import { shownJson } from "../../directory/json-object.js";
import { UsageError } from "../../errors.js";
import { type DataSettings, dataSettingsOfRun } from "../../experiment/data-settings.js";
import { type ExperimentLike, open } from "../../experiment/open.js";
import { alignedRows, assigner } from "../../experiment/predict.js";
import { dataOfRun } from "../../experiment/recorded-data.js";
import { type Data, type FederatedData, isLoaded, partitions, readData, sourceOf } from "../data.js";
import { inCell } from "../output/in-cell.js";
import { columnNames, type Row, rowOf } from "./row.js";

/** One row of `rows`. */
export interface DataRow extends Row {
  client: string;
}

/** One row of `assignments`. */
export interface AssignedRow extends Row {
  client: string;
  cluster: number;
}

/**
 * The rows of every client: `client`, the features, and the label (named as the label column, else `label`).
 * They are read from the clients' files on this machine: a simulation's privilege.
 *
 * @example aq.from(await fk.rows(data))
 */
export function rows(data: FederatedData): Promise<DataRow[]> {
  return inCell(async () => {
    if (!isLoaded(data)) throw new UsageError(`data as load returns them expected, found ${shownJson(data)}`);
    const names = columnNames(data.featureNames, data.nFeatures);
    const table: DataRow[] = [];
    for await (const [client, partition] of partitions(sourceOf(data), data)) {
      const features = alignedRows(partition, data, `client "${client}" and the others`);
      for (let i = 0; i < features.nRows; i++) {
        table.push({ client, ...labelOf(partition, i, data), ...rowOf(names, features, i) });
      }
    }
    return table;
  });
}

/**
 * Every row with the cluster it is in: `client`, `cluster`, its label if it has one, and its features on the
 * original scale. Works out of the experiment directory and the rows that the run was given: a simulation only.
 *
 * @param data the run's rows, if they were in memory or have moved
 * @throws RunError if the run has no means yet, or if the data have moved
 */
export function assignments(experiment: ExperimentLike, data?: Data): Promise<AssignedRow[]> {
  return inCell(async () => {
    const logged = open(experiment);
    const clustersOf = assigner(logged);
    const columns = dataSettingsOfRun(logged);
    const { source } = readData(data ?? dataOfRun(logged.experimentDir), columns);
    const names = columnNames(logged.featureNames, logged.nFeatures ?? 0);
    const table: AssignedRow[] = [];
    for await (const [client, partition] of partitions(source, columns)) {
      const features = alignedRows(partition, logged, `client "${client}" and ${logged.experimentDir}`);
      const clusters = clustersOf(features);
      for (let i = 0; i < features.nRows; i++) {
        const label = labelOf(partition, i, columns);
        table.push({ client, cluster: clusters[i], ...label, ...rowOf(names, features, i) });
      }
    }
    return table;
  });
}

/** The column of a row's label; none where its client has no labels. */
function labelOf({ labels, classes }: Partition, row: number, { labelColumn }: DataSettings): Row {
  return labels === null ? {} : { [labelColumn ?? "label"]: classes[labels[row]] };
}
