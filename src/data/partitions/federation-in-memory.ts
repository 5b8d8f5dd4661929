import { types } from "node:util";
import { clientFileId } from "../../directory/client-name.js";
import { RunError, theSetting, UsageError } from "../../errors.js";
import { compareNatural } from "../../files/natural-order.js";
import {
  isPlainObject,
  isTable,
  type ObjectRow,
  type TableInMemory,
  valueInWords,
} from "../formats/rows-in-memory.js";
import { type SharedColumns, tableOptions } from "../formats/table.js";
import { labelText, tableInMemory } from "../formats/table-in-memory.js";
import { type MemoryData, memoryDataOf } from "./memory-data.js";
import { partitionOf } from "./partition.js";

/**
 * The rows of a federation in memory: a table a client, as an array (clients "0", "1", ...) or by the clients' names;
 * or objects of which a column names the client.
 */
export type RowsInMemory =
  | readonly TableInMemory[]
  | Readonly<Record<string, TableInMemory>>
  | ReadonlyMap<string, TableInMemory>
  | readonly ObjectRow[];

/**
 * Takes rows out of a program's memory. They are copied: the program may go on with its own.
 *
 * @param options columns and labels, as of files
 * @throws UsageError for what holds no tables; RunError for rows that will not do, naming client and place
 */
export function federationInMemory(data: RowsInMemory, options: SharedColumns): MemoryData {
  const { clientColumn } = options;
  const tables = clientColumn === null ? tablesOf(data) : groupsOf(data, clientColumn);
  const columns = {
    ...tableOptions(options),
    ...(clientColumn !== null && { dropColumns: [...options.dropColumns, clientColumn] }),
    clientColumn: null,
  };
  const clients = tables.map(([client, table]) => {
    clientFileId(client);
    const source = `client "${client}" (rows in memory)`;
    return { client, partition: partitionOf(tableInMemory(table, columns, source), columns.missing, source) };
  });
  return memoryDataOf(clients.sort((a, b) => compareNatural(a.client, b.client)));
}

/**
 * The tables by their clients' names.
 *
 * @throws UsageError for what holds no tables
 */
export function tablesOf(data: RowsInMemory): [client: string, table: TableInMemory][] {
  if (isTable(data)) {
    throw new UsageError(
      `${theSetting("data")} in memory must hold a table of rows for each client, found one table: ` +
        `give [rows of one, rows of another, ...], or { name: rows }, or objects with ${theSetting("clientColumn")}`,
    );
  }
  const entries = entriesOf(data);
  if (entries.length === 0) throw new UsageError(`${theSetting("data")} in memory holds no clients`);
  return entries;
}

function entriesOf(data: RowsInMemory): [string, TableInMemory][] {
  if (Array.isArray(data)) return data.map((table, i) => [String(i), table]);
  if (types.isMap(data)) return Array.from(data, ([name, table]) => [String(name), table]);
  if (isPlainObject(data)) return Object.entries(data) as [string, TableInMemory][];
  // A cell may have classes of its own.
  const isUrl = (data as object | null)?.constructor?.name === "URL";
  const found = isUrl ? "a URL: download it, and name the file" : valueInWords(data);
  throw new UsageError(
    `${theSetting("data")} must be the path of a folder or file, what load returned, or rows in memory; found ${found}`,
  );
}

/** Objects by the value of a column, in the order of each client's rows. */
function groupsOf(data: RowsInMemory, clientColumn: string): [string, TableInMemory][] {
  if (!Array.isArray(data) || !isTable(data) || !isPlainObject(data[0])) {
    throw new UsageError(
      `${theSetting("clientColumn")} names a column of objects, or of one file: an array of objects expected`,
    );
  }
  const groups = new Map<string, ObjectRow[]>();
  for (const [i, object] of (data as readonly ObjectRow[]).entries()) {
    if (!(clientColumn in object)) {
      const names = Object.keys(data[0]).join(", ");
      throw new RunError(
        `row ${i} (counted from 0): no column ${JSON.stringify(clientColumn)}: they are ${names}`,
      );
    }
    const name = labelText(object[clientColumn]);
    if (name === null) {
      throw new RunError(
        `row ${i} (counted from 0), column ${JSON.stringify(clientColumn)}: a client's name is missing`,
      );
    }
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [object]);
    else group.push(object);
  }
  return [...groups];
}
