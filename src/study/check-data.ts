import { tableOptions } from "../data/formats/table.js";
import { keyOfSource } from "../data/partitions/memory-data.js";
import { findPartitions } from "../data/partitions/partition-list.js";
import type { Configuration } from "../experiment/settings.js";

/**
 * Refuses a study none of whose data can be listed, before anything is run or written. Data beside others that can be
 * are reported with their runs.
 *
 * @param configurations of all runs
 * @throws as `findPartitions` of the first data
 */
export async function checkData(configurations: readonly Configuration[]): Promise<void> {
  const asked = new Set<string>();
  const failures: unknown[] = [];
  for (const configuration of configurations) {
    const { data, clientColumn } = configuration;
    const key = JSON.stringify([keyOfSource(data), clientColumn, tableOptions(configuration)]);
    if (asked.has(key)) continue;
    asked.add(key);
    try {
      await findPartitions(data, configuration);
      return;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
