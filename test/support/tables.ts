import { type SharedColumns, type TableOptions, tableOptions } from "#src/data/formats/table.js";
import { configure } from "#src/experiment/configuration.js";

/** How a table is read where nothing is said of it. */
export const TABLE_DEFAULTS: TableOptions = tableOptions(configure({ data: "any" }));

/** The same of a file or a folder of such, no column of which names a client. */
export const COLUMN_DEFAULTS: SharedColumns = { ...TABLE_DEFAULTS, clientColumn: null };
