import { copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type ClientFolder, readClientFolder } from "../../directory/client-folder.js";
import { lockDirectory, unlockDirectory } from "../../directory/lock.js";
import { enterInManifest } from "../../directory/manifest.js";
import { type LoggedSummary, readSummary } from "../../directory/read-summary.js";
import { type Verification, verify } from "../../directory/verify.js";
import { messageOf, RunError, theSetting, UsageError } from "../../errors.js";
import { cannotWrite, openFolder } from "../../files/atomic-write.js";
import { hashFile } from "../../files/file-hash.js";
import { sweepLeftovers, temporaryName } from "../../files/leftovers.js";
import { checkRecords, readServerRecords } from "./check-records.js";

/** A server's directory into which records of its clients were brought. */
export interface Collected extends Omit<Verification, "kind"> {
  /** Tells it from other results. */
  readonly kind: "collection";
  experimentDir: string;
  clients: CollectedClient[];
}

/** What one client kept itself and is in the directory now. */
export interface CollectedClient {
  client: string;
  /** Paths relative to the directory. */
  records: string[];
}

/**
 * Brings what clients on other machines kept of a run, each in its own folder, beside what the server wrote. All of it is
 * checked against the server's records and entered in the manifest, or nothing is changed. A file that is there already
 * stays, and must be the same.
 *
 * @param directory of a completed run whose clients were elsewhere
 * @param folders one a client: its folder of the run, or the folder of its runs
 * @throws UsageError if two are one client's; RunError if the directory or a folder will not do, or if a file cannot be
 *   written
 */
export function collect(directory: string, folders: readonly string[]): Collected {
  const summary = collectableSummary(directory);
  const sources = folders.map((folder) => readClientFolder(folder, summary.deployment!.run));
  checkClients(sources, summary);
  lockDirectory(directory);
  try {
    bring(directory, sources);
    return {
      ...verify(directory),
      kind: "collection",
      experimentDir: directory,
      clients: sources.map(({ client, records }) => ({ client, records: [...records] })),
    };
  } finally {
    unlockDirectory(directory);
  }
}

function collectableSummary(directory: string): LoggedSummary {
  const summary = readSummary(directory);
  const { clients, deployment, status, manifest } = summary;
  if (deployment === null) {
    throw new RunError(`${directory}: of no deployment: its clients, if any, kept no records elsewhere`);
  }
  if (clients.some(({ privacy }) => privacy?.mode === "dp")) {
    throw new RunError(
      `${directory}: its clients held to ${theSetting("privacy")} dp: their records have what no noise is in, and stay with them`,
    );
  }
  if (status !== "completed" || manifest === null) {
    throw new RunError(`${directory}: a completed run expected, found one that is ${status}`);
  }
  return summary;
}

function checkClients(sources: readonly ClientFolder[], { clients }: LoggedSummary): void {
  const seen = new Map<string, string>();
  for (const { client, folder, records } of sources) {
    if (clients.every(({ name }) => name !== client)) {
      const known = clients.map(({ name }) => name).join(", ");
      throw new RunError(`${folder}: of client ${client}, who was not in the run; in it were ${known}`);
    }
    const other = seen.get(client);
    if (other !== undefined) throw new UsageError(`${other} and ${folder} are both of client ${client}`);
    if (records.length === 0) throw new RunError(`${folder}: no record of client ${client} in it`);
    seen.set(client, folder);
  }
}

function bring(directory: string, sources: readonly ClientFolder[]): void {
  const files = sources.flatMap(({ folder, records }) =>
    records.map((record) => ({ from: join(folder, record), to: join(directory, record), record })),
  );
  const hashes = new Map(files.map(({ from }) => [from, hashOf(from)]));
  const present = files.filter(({ to }) => existsSync(to));
  for (const { from, to } of present) {
    if (hashOf(to) !== hashes.get(from)) throw new RunError(`${to}: there already, and other than ${from}`);
  }
  // What was killed before it got to the manifest left these: the same bytes as are to be brought.
  enterInManifest(
    directory,
    present.map(({ to }) => to),
  );
  verify(directory);
  const server = readServerRecords(directory);
  for (const source of sources) {
    checkRecords(source, server.summary.clients.find(({ name }) => name === source.client)!, server);
  }
  const place = resolve(directory);
  const hidden = `.${basename(place)}`;
  sweepLeftovers(dirname(place), `${hidden}.`);
  const staging = temporaryName(join(dirname(place), hidden));
  const fresh = files.filter((file) => !present.includes(file));
  try {
    for (const { from, record } of fresh) {
      const copy = join(staging, record);
      copyFile(from, copy);
      if (hashOf(copy) !== hashes.get(from)) throw new RunError(`${from}: changed while it was read`);
    }
    moveAll(
      directory,
      staging,
      fresh.map(({ record }) => record),
    );
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function copyFile(from: string, to: string): void {
  openFolder(dirname(to));
  try {
    copyFileSync(from, to);
  } catch (error) {
    throw cannotWrite(to, error);
  }
}

/** All of them, or none. */
function moveAll(directory: string, staging: string, records: readonly string[]): void {
  const moved: string[] = [];
  try {
    for (const record of records) {
      const to = join(directory, record);
      openFolder(dirname(to));
      try {
        renameSync(join(staging, record), to);
      } catch (error) {
        throw cannotWrite(to, error);
      }
      moved.push(to);
    }
    enterInManifest(directory, moved);
  } catch (error) {
    for (const path of moved) rmSync(path, { force: true });
    throw error;
  }
}

function hashOf(path: string): string {
  try {
    return hashFile(path).sha256;
  } catch (error) {
    throw new RunError(`${path}: cannot be read: ${messageOf(error)}`);
  }
}
