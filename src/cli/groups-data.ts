import { NamelessError } from "../data/formats/table.js";
import type { Partition } from "../data/partitions/partition.js";
import { createPartitionLoader } from "../data/partitions/partition-loader.js";
import { theSetting, UsageError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import { dataSettings, type LoadOptions } from "../experiment/data-settings.js";
import { BY_ORDER } from "../experiment/predict.js";
import { findFiles } from "../experiment/prediction-data.js";
import type { StoredState } from "../privacy/stored-groups.js";

/**
 * How a file is read whose rows a state knows: the grouping columns of the state, whatever stands beside them.
 *
 * @param state null where there is none yet
 * @throws UsageError where other columns are asked for
 */
export function storedColumns(
  given: LoadOptions,
  state: Pick<StoredState, "columns" | "labelColumn"> | null,
): LoadOptions {
  if (state === null || state.columns === null) return given;
  const { columns, labelColumn } = state;
  const { columns: asked, dropColumns } = given;
  const isOther =
    asked != null && (asked.length !== columns.length || asked.some((name) => !columns.includes(name)));
  const dropped = dropColumns?.find((name) => columns.includes(name));
  if (isOther || dropped !== undefined) {
    const name = isOther ? "columns" : "dropColumns";
    throw new UsageError(
      `${theSetting(name)} ${(isOther ? asked : [dropped]).join(",")}: the rows of the state are grouped by ${columns.join(",")}; ` +
        "other columns would be another partition of the same rows",
    );
  }
  return { labelColumn, ...given, columns, dropColumns: [] };
}

/**
 * Reads all rows of a client from a file.
 *
 * @param mayLackNames whether the columns of a file without names may be taken by their order
 * @throws UsageError for a path that will not do; RunError if its rows cannot be used
 */
export async function loadRows(path: string, given: LoadOptions, mayLackNames: boolean): Promise<Partition> {
  const settings = dataSettings(configure({ ...given, data: path }));
  const { refs } = await findFiles(path, settings);
  const [ref] = refs;
  const load = createPartitionLoader();
  try {
    return await load(ref);
  } catch (error) {
    if (!mayLackNames || !(error instanceof NamelessError) || !("table" in ref)) throw error;
    return load({ ...ref, table: { ...ref.table, ...BY_ORDER } });
  }
}
