import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, RunError, theSetting, UsageError } from "../errors.js";
import { clientFileId } from "./client-name.js";
import { listCsvClients } from "./csv-table.js";
import { compareNatural } from "./natural-order.js";
import { type TableOptions, tableOptions } from "./table.js";

/** Where one client's rows are. Plain data: it travels to whichever thread is that client. */
export interface PartitionRef {
  readonly client: string;
  /** A .npz, .npy or .csv file. */
  readonly path: string;
  readonly table: TableOptions;
  /** Set if one CSV file holds all clients: this client's rows are those where the column equals `client`. */
  readonly clientColumn: string | null;
}

/** How the table of a data set is to be read, and which of its columns names the client. */
export interface PartitionOptions extends Partial<TableOptions> {
  readonly clientColumn: string | null;
}

const PARTITION_FILE = /^([^.].*)\.(npz|npy|csv)$/i;
const CLIENT_PREFIX = "client_";

/**
 * Finds the clients of a data set without reading their rows. In a folder each .npz, .npy or .csv file is one
 * client, named as the file; if some are named client_*, only those are, named as what follows. A .csv file
 * holds one client for each value of `clientColumn`.
 *
 * @param dataPath the folder or the .csv file
 * @returns in natural order of the clients' names
 * @throws UsageError for a path that cannot be such; RunError if two files are one client's
 */
export async function listPartitions(dataPath: string, options: PartitionOptions): Promise<PartitionRef[]> {
  const { clientColumn } = options;
  const table = tableOptions(options);
  const stats = await stat(dataPath).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new UsageError(`${dataPath}: no such file or folder`);
    throw new UsageError(`${dataPath}: cannot be opened: ${messageOf(error)}`);
  });
  const refs = stats.isDirectory()
    ? (await listFolder(dataPath)).map(({ client, path }) => ({
        client,
        path,
        table,
        clientColumn: null,
      }))
    : (await listFile(dataPath, table, clientColumn)).map((client) => ({
        client,
        path: dataPath,
        table,
        clientColumn,
      }));
  for (const { client } of refs) clientFileId(client);
  return refs.sort((a, b) => compareNatural(a.client, b.client));
}

async function listFolder(folder: string): Promise<{ client: string; path: string }[]> {
  const files = (await readdir(folder, { withFileTypes: true }))
    .filter((entry: Dirent) => !entry.isDirectory() && PARTITION_FILE.test(entry.name))
    .map((entry) => entry.name);
  const prefixed = files.filter((file) => file.startsWith(CLIENT_PREFIX));
  const paths = new Map<string, string>();
  for (const file of (prefixed.length > 0 ? prefixed : files).sort(compareNatural)) {
    const stem = file.replace(PARTITION_FILE, "$1");
    const client = prefixed.length > 0 ? stem.slice(CLIENT_PREFIX.length) : stem;
    const path = join(folder, file);
    const other = paths.get(client);
    if (other !== undefined)
      throw new RunError(`client "${client}" has two files: ${other} and ${path}; keep one`);
    paths.set(client, path);
  }
  if (paths.size === 0) {
    throw new UsageError(
      `${folder}: no clients: client_<name>.npz, .npy or .csv files expected; make some with "fedkmeans generate"`,
    );
  }
  return Array.from(paths, ([client, path]) => ({ client, path }));
}

async function listFile(path: string, table: TableOptions, clientColumn: string | null): Promise<string[]> {
  if (!/\.csv$/i.test(path) || clientColumn === null) {
    throw new UsageError(
      `${path}: a folder with one file a client expected, or one .csv file with ${theSetting("clientColumn")} naming the column that says whose row it is`,
    );
  }
  if (clientColumn === table.labelColumn) {
    throw new UsageError(
      `${theSetting("clientColumn")} and ${theSetting("labelColumn")} must differ, found ${clientColumn} for both`,
    );
  }
  const clients = await listCsvClients(path, { ...table, clientColumn });
  if (clients.length === 0) throw new RunError(`${path}: no rows below the header`);
  return clients;
}
