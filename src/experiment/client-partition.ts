import { stat } from "node:fs/promises";
import { parse } from "node:path";
import { findPartitions } from "../data/partitions/partition-list.js";
import { messageOf, UsageError } from "../errors.js";
import type { ClientSettings } from "./client-settings.js";

/** The file of a client's rows. */
export interface ClientFile {
  readonly path: string;
  /** As the file is. */
  readonly name: string;
}

/** Other names of the first partitions, where none bears such a name itself. */
const LETTERS = ["T", "L", "U"];

/**
 * Finds a client's file.
 *
 * @param nameOf what to call a setting in an error
 * @throws UsageError where the settings name none
 */
export async function findClientFile(
  settings: ClientSettings,
  nameOf: (name: string) => string,
): Promise<ClientFile> {
  const { dataPath, partitionId, numPartitions } = settings;
  if (dataPath === null) {
    throw new UsageError(`${nameOf("dataPath")} is missing, and TEST_DATA_PATH: where its rows are`);
  }
  const stats = await stat(dataPath).catch((error: NodeJS.ErrnoException) => {
    const reason =
      error.code === "ENOENT" ? "no such file or folder" : `cannot be opened: ${messageOf(error)}`;
    throw new UsageError(`${nameOf("dataPath")} ${dataPath}: ${reason}`);
  });
  if (!stats.isDirectory()) return { path: dataPath, name: parse(dataPath).name };
  const { refs } = await findPartitions(dataPath, { ...settings, clientColumn: null });
  const files = refs.map((ref) => ({ name: ref.client, path: "path" in ref ? ref.path : "" }));
  if (numPartitions !== null && numPartitions !== files.length) {
    throw new UsageError(
      `${nameOf("numPartitions")} is ${numPartitions}, and ${dataPath} has ${files.length} files`,
    );
  }
  if (partitionId === null && files.length === 1) return files[0];
  if (partitionId === null) {
    throw new UsageError(
      `${nameOf("partitionId")} is missing: which of the ${files.length} files of ${dataPath} is the client's, from 0 on`,
    );
  }
  const named = files.find(({ name }) => name === partitionId);
  const number = LETTERS.includes(partitionId) ? LETTERS.indexOf(partitionId) : Number(partitionId);
  const file = named ?? files[number];
  if (file !== undefined) return file;
  const names = files.map(({ name }) => name);
  throw new UsageError(
    `${nameOf("partitionId")} must be from 0 to ${files.length - 1} or a name (${names.slice(0, 5).join(", ")}${names.length > 5 ? ", ..." : ""}), found ${JSON.stringify(partitionId)}`,
  );
}
