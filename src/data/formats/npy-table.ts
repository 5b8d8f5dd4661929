import { readNpy } from "../../directory/npy.js";
import { messageOf, theSetting, UsageError } from "../../errors.js";
import type { ArrayFormat } from "./format.js";
import { readWhole } from "./read-whole.js";
import { rowsOfArray } from "./rows-array.js";
import { NO_LABELS, type RawPartition } from "./table.js";

export const npyFormat: ArrayFormat = {
  extensions: [".npy"],
  mayBeGzip: false,
  holds: "arrays",
  read: readNpyTable,
};

/**
 * Reads one client's rows from a .npy file.
 *
 * @param labelName what is said of labels, of which such a file holds none
 * @param source what to call the client in errors
 * @throws UsageError if there is no such file; RunError if it does not hold rows
 */
async function readNpyTable(path: string, labelName: string | null, source: string): Promise<RawPartition> {
  let bytes: Uint8Array;
  try {
    bytes = readWhole(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be opened: ${messageOf(error)}`);
  }
  const rows = rowsOfArray(readNpy(bytes, path), source);
  const notices =
    labelName === null || labelName === NO_LABELS
      ? []
      : [
          `no labels: a .npy file holds rows alone, none that ${theSetting("labelColumn")} ${labelName} could name`,
        ];
  return { rows, featureNames: null, labelColumn: null, labels: null, missingAt: null, notices };
}
