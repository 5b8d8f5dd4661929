import { findPartitions, inOrder, type PartitionList } from "../data/partitions/partition-list.js";
import type { Bounds } from "../privacy/bounds.js";
import type { Configuration } from "./settings.js";

/**
 * Finds the clients of a run, with the columns that its bounds are of where it has bounds and chooses none: by name, or in
 * the order of the bounds where they have no names.
 *
 * @throws as `findPartitions`
 */
export async function findBounded(
  configuration: Configuration,
  bounds: Bounds | null,
): Promise<PartitionList> {
  const { data, columns } = configuration;
  if (bounds === null || columns !== null) return findPartitions(data, configuration);
  const { refs, notices } = await findPartitions(data, { ...configuration, columns: bounds.features });
  return { refs: refs.map(inOrder), notices };
}
