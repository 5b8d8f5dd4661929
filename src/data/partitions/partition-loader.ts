import type { ArrayFormat, TableFormat } from "../formats/format.js";
import { formatOf } from "../formats/formats.js";
import {
  NamelessError,
  NO_LABELS,
  type RawPartition,
  rolesOf,
  type SharedTable,
  type WantedClients,
} from "../formats/table.js";
import { ownPartition } from "./memory-data.js";
import { type Partition, partitionOf } from "./partition.js";
import type { FileRef, PartitionRef } from "./partition-list.js";

/**
 * Makes a function that loads partitions, whose rows are the caller's own. A file that several clients share is
 * read once for all of these that are to be loaded; drop the function to free what is left.
 *
 * @param refs all that the function will be asked for; of a shared file others cost a reading each
 * @returns a function of one client's reference. It throws UsageError if the file is gone; RunError, naming
 * file and place, if this client's rows cannot be used: none, a value that is missing or not finite, labels that
 * do not match them in number; NamelessError if columns are chosen that have no names
 */
export function createPartitionLoader(
  refs: readonly PartitionRef[] = [],
): (ref: PartitionRef) => Promise<Partition> {
  const files = refs.filter((ref): ref is FileRef => !("partition" in ref));
  const shared = new Map<string, Promise<SharedTable>>();

  /** The table of a file that several clients share, with the rows of this one. */
  async function sharedTable(format: TableFormat, ref: FileRef): Promise<SharedTable> {
    const key = keyOf(ref);
    let reading = shared.get(key);
    if (reading === undefined) {
      const wanted = files.filter((other) => keyOf(other) === key);
      reading = readTable(format, ref, countsOf([ref, ...wanted]));
      shared.set(key, reading);
    }
    const table = await reading;
    // Rows that were handed out are read again.
    return table.clients.has(ref.client) ? table : readTable(format, ref, countsOf([ref]));
  }

  async function read(ref: FileRef): Promise<Partition> {
    const source = `client "${ref.client}" (${ref.path})`;
    const format = formatOf(ref.path)!;
    let raw: RawPartition;
    if (format.holds === "arrays") raw = await readArrays(format, ref, source);
    else if (ref.clientColumn === null) raw = takeRows(await readTable(format, ref, null), "");
    else raw = takeRows(await sharedTable(format, ref), ref.client);
    return partitionOf(raw, ref.table.missing, source);
  }

  return async (ref) => {
    if ("partition" in ref) return ownPartition(ref);
    try {
      return await read(ref);
    } catch (error) {
      if (!ref.mayLackNames || !(error instanceof NamelessError)) throw error;
      return read({ ...ref, table: { ...ref.table, columns: null } });
    }
  };
}

/** An array's columns can be chosen where they have names. */
async function readArrays(
  format: ArrayFormat,
  { path, table }: FileRef,
  source: string,
): Promise<RawPartition> {
  const raw = await format.read(path, table.labelColumn, source);
  const { rows, featureNames: names } = raw;
  const [first] = [...(table.columns ?? []), ...table.dropColumns];
  if (first === undefined) return raw;
  if (names === null) {
    throw new NamelessError(
      `${source}: no column ${JSON.stringify(first)}: the columns of its array have no names`,
    );
  }
  const options = { ...table, labelColumn: NO_LABELS, clientColumn: null };
  const { features } = rolesOf(names, names.length, options, source);
  const data = new Float64Array(rows.nRows * features.length);
  for (const [f, column] of features.entries()) {
    for (let i = 0; i < rows.nRows; i++)
      data[i * features.length + f] = rows.data[i * rows.nColumns + column];
  }
  return {
    ...raw,
    rows: { data, nRows: rows.nRows, nColumns: features.length },
    featureNames: features.map((column) => names[column]),
  };
}

function keyOf({ path, table, clientColumn }: FileRef): string {
  return JSON.stringify([path, table, clientColumn]);
}

function countsOf(refs: readonly FileRef[]): WantedClients {
  return new Map(refs.map(({ client, nRows }) => [client, nRows ?? null]));
}

function readTable(
  format: TableFormat,
  { path, table, clientColumn }: FileRef,
  wanted: WantedClients | null,
): Promise<SharedTable> {
  return format.read(path, { ...table, clientColumn }, wanted);
}

/** The rows of one client, which the table holds no longer: the client may standardize them where they lie. */
function takeRows(table: SharedTable, client: string): RawPartition {
  const { nFeatures, featureNames, labelColumn, notices } = table;
  const rows = table.clients.get(client);
  if (rows?.problem) throw rows.problem;
  table.clients.delete(client);
  return {
    rows: { data: rows?.values ?? new Float64Array(0), nRows: rows?.nRows ?? 0, nColumns: nFeatures },
    featureNames,
    labelColumn,
    labels: rows?.labels ?? null,
    missingAt: rows?.missingAt ?? null,
    notices,
  };
}
