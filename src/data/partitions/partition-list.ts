import { stat } from "node:fs/promises";
import { clientFileId } from "../../directory/client-name.js";
import { messageOf, RunError, theSetting, UsageError } from "../../errors.js";
import { compareNatural } from "../../files/natural-order.js";
import { anyOf, extensionsOf, FORMATS, formatOf } from "../formats/formats.js";
import { type SharedColumns, type TableOptions, tableOptions } from "../formats/table.js";
import type { DataSource, MemoryRef } from "./memory-data.js";
import { listFolder } from "./partition-folder.js";

/** Where one client's rows are. Plain data: it travels to whichever thread is that client. */
export type PartitionRef = FileRef | MemoryRef;

/** In a file. */
export interface FileRef {
  readonly client: string;
  /** A file of a format that `formatOf` knows. */
  readonly path: string;
  readonly table: TableOptions;
  /** Set if one file holds all clients: this client's rows are those where the column equals `client`. */
  readonly clientColumn: string | null;
  /** Whether columns that are chosen by name may be taken by their order, where the file has no names. */
  readonly mayLackNames?: true;
  /** How many rows there are, where listing the clients has counted them. */
  readonly nRows?: number;
}

/** The clients of a data set. */
export interface PartitionList {
  /** In natural order of the clients' names. */
  readonly refs: PartitionRef[];
  /** What the user who named the data set should know, one line each. */
  readonly notices: string[];
}

/**
 * Finds the clients of a data set without reading their rows. In a folder each file of a known format is one
 * client, named as the file; if some are named client_*, only those are, named as what follows. A single file
 * of a table holds one client for each value of `clientColumn`.
 *
 * @param data the folder or the file, or rows in memory
 * @throws UsageError for a path that cannot be such; RunError if two files are one client's
 */
export async function findPartitions(data: DataSource, options: SharedColumns): Promise<PartitionList> {
  if (typeof data !== "string") return { refs: [...data.clients], notices: [] };
  const dataPath = data;
  const { clientColumn } = options;
  const table = tableOptions(options);
  const stats = await stat(dataPath).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new UsageError(`${dataPath}: no such file or folder`);
    throw new UsageError(`${dataPath}: cannot be opened: ${messageOf(error)}`);
  });
  let refs: FileRef[];
  let notices: string[] = [];
  if (stats.isDirectory()) {
    if (clientColumn !== null) {
      throw new UsageError(
        `${dataPath}: ${theSetting("clientColumn")} ${clientColumn} is for one file of all clients, found a folder, whose files are a client each`,
      );
    }
    const folder = await listFolder(dataPath);
    refs = folder.clients.map(({ client, path }) => ({ client, path, table, clientColumn: null }));
    notices = folder.notices;
  } else {
    const clients = await listFile(dataPath, table, clientColumn);
    refs = Array.from(clients, ([client, nRows]) => ({ client, nRows, path: dataPath, table, clientColumn }));
  }
  for (const { client } of refs) clientFileId(client);
  return { refs: refs.sort((a, b) => compareNatural(a.client, b.client)), notices };
}

/** Rows whose columns are in the order of those that are chosen, where they have no names. */
export function inOrder(ref: PartitionRef): PartitionRef {
  return "partition" in ref ? ref : { ...ref, mayLackNames: true };
}

/** As `findPartitions`, without the notices. */
export async function listPartitions(data: DataSource, options: SharedColumns): Promise<PartitionRef[]> {
  return (await findPartitions(data, options)).refs;
}

async function listFile(
  path: string,
  table: TableOptions,
  clientColumn: string | null,
): Promise<Map<string, number>> {
  const format = formatOf(path);
  if (format?.holds !== "table" || clientColumn === null) {
    const tables = FORMATS.filter(({ holds }) => holds === "table");
    throw new UsageError(
      `${path}: a folder with one file a client expected, or one ${anyOf(extensionsOf(tables, "plain"))} file with ${theSetting("clientColumn")} naming the column that says whose row it is`,
    );
  }
  if (clientColumn === table.labelColumn) {
    throw new UsageError(
      `${theSetting("clientColumn")} and ${theSetting("labelColumn")} must differ, found ${clientColumn} for both`,
    );
  }
  const clients = await format.list(path, { ...table, clientColumn });
  if (clients.size === 0) throw new RunError(`${path}: no rows below the header`);
  return clients;
}
