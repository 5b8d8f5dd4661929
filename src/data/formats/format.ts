import type { RawPartition, SharedColumns, SharedTable, WantedClients } from "./table.js";

/** A kind of file that rows are read from. */
export type Format = ArrayFormat | TableFormat;

/** A file of arrays, which is one client's. */
export interface ArrayFormat extends Extensions {
  readonly holds: "arrays";
  /**
   * Reads the client's rows.
   *
   * @param labelName name of the array of labels; `NO_LABELS` for none; null: one of the customary names
   * @param source what to call the client in errors
   * @throws UsageError if there is no such file; RunError if it does not hold such arrays
   */
  read(path: string, labelName: string | null, source: string): Promise<RawPartition>;
}

/** A file of one table, which is one client's or whose rows say in a column whose they are. */
export interface TableFormat extends Extensions {
  readonly holds: "table";
  /**
   * Reads the rows of the wanted clients.
   *
   * @param wanted null: all clients of the file
   * @throws UsageError if there is no such file; RunError for what spoils the whole file
   */
  read(path: string, columns: SharedColumns, wanted: WantedClients | null): Promise<SharedTable>;
  /**
   * The different values of the client column with the number of rows of each.
   *
   * @throws as `read`, and RunError if a row names no client
   */
  list(path: string, columns: SharedColumns): Promise<Map<string, number>>;
}

interface Extensions {
  /** In lower case and with the point, the usual one first. */
  readonly extensions: readonly string[];
  /** Whether such a file may be compressed, with ".gz" behind its extension. */
  readonly mayBeGzip: boolean;
}
