import { readNpy } from "../../directory/npy.js";
import { messageOf, theSetting, UsageError } from "../../errors.js";
import { readNpzTable } from "./npz-table.js";
import { readWhole } from "./read-whole.js";
import { rowsOf } from "./rows-array.js";
import { NO_LABELS, type RawPartition } from "./table.js";

/**
 * Reads one client's rows from a .npy file, or rows and labels from a .npz file.
 *
 * @param path the file
 * @param labelName name of the array of labels; null: one of the customary names
 * @param source what to call the client in errors
 * @throws UsageError if there is no such file; RunError if it does not hold such arrays
 */
export async function readArrayTable(
  path: string,
  labelName: string | null,
  source: string,
): Promise<RawPartition> {
  if (!/\.npy$/i.test(path)) return readNpzTable(path, labelName, source);
  let bytes: Uint8Array;
  try {
    bytes = readWhole(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be opened: ${messageOf(error)}`);
  }
  const rows = rowsOf(readNpy(bytes, path), source);
  const notices =
    labelName === null || labelName === NO_LABELS
      ? []
      : [
          `no labels: a .npy file holds rows alone, none that ${theSetting("labelColumn")} ${labelName} could name`,
        ];
  return { rows, featureNames: null, labelColumn: null, labels: null, missingAt: null, notices };
}
