import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { CLIENT_FILE } from "../../directory/client-folder.js";
import { readJsonObject, required, TEXT } from "../../directory/json-object.js";
import { jsonText } from "../../directory/json-text.js";
import { layoutOf, SCHEMA_VERSION } from "../../directory/layout.js";
import { RunError, theSetting } from "../../errors.js";
import { openFolder, writeFileAtomically } from "../../files/atomic-write.js";
import { makePrivateFolder } from "../../files/durable-write.js";
import { KeptRecords } from "./kept-records.js";
import { whileLocked } from "./state-lock.js";

/** A client's own folder of a run, and what is kept there. */
export interface RunFolder {
  readonly path: string;
  readonly run: string;
  readonly client: string;
  readonly dataSource: string;
  readonly keepsLedger: boolean;
  readonly keepsPoints: boolean;
  readonly keepsRows: boolean;
  readonly keepsLabels: boolean;
}

/**
 * Opens the records of a run, which another process may have begun.
 *
 * @param mayMake whether the folder is made where there is none
 * @returns null where there is none
 * @throws RunError if it is another client's or of other rows, or cannot be made
 */
export function openRecords(folder: RunFolder, mayMake: boolean): KeptRecords | null {
  const { path, client } = folder;
  const file = join(path, CLIENT_FILE);
  if (!existsSync(file)) {
    if (!mayMake) return null;
    if (existsSync(path) && readdirSync(path).length > 0) {
      throw new RunError(`${path} is there already, without ${CLIENT_FILE}: it holds no records of a run`);
    }
    makePrivateFolder(path);
    const { run, dataSource: data_source } = folder;
    writeFileAtomically(file, jsonText({ schema_version: SCHEMA_VERSION, run, client, data_source }));
  }
  checkSame(folder, file);
  const layout = layoutOf(path);
  const record = {
    logFile: layout.clientLog(client),
    ledgerFile: folder.keepsLedger ? layout.clientLedger(client) : null,
    rowsFile: folder.keepsRows ? layout.clientData(client) : null,
    pointsFiles: folder.keepsPoints
      ? { points: layout.clientPoints(client), weights: layout.clientWeights(client) }
      : null,
    labelsFile: folder.keepsLabels ? layout.clientLabels(client) : null,
  };
  const { logFile, ledgerFile, rowsFile, pointsFiles, labelsFile } = record;
  for (const kept of [logFile, ledgerFile, rowsFile, pointsFiles?.points, labelsFile]) {
    if (kept != null) openFolder(dirname(kept));
  }
  return new KeptRecords(record, true);
}

function checkSame({ run, client, dataSource }: RunFolder, file: string): void {
  const found = readJsonObject(file);
  for (const [field, expected] of Object.entries({ run, client, data_source: dataSource })) {
    const value = required(found, field, TEXT);
    if (value === expected) continue;
    const advice = field === "client" ? `: give each client its own ${theSetting("logDir")}` : "";
    throw new RunError(`${file}: ${field}: ${expected} expected, found ${value}${advice}`);
  }
}

/**
 * Writes what of the records is not written yet, one process after the other.
 *
 * @throws RunError if it cannot be written
 */
export function writeRecords({ path }: RunFolder, records: KeptRecords): Promise<void> {
  return whileLocked(path, () => records.flush());
}
