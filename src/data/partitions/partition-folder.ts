import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, RunError, UsageError } from "../../errors.js";
import { compareNatural } from "../../files/natural-order.js";
import { checkRegularFile } from "../../files/regular-file.js";
import { anyOf, extensionsOf, FORMATS, READ_EXTENSION } from "../formats/formats.js";

const PARTITION_FILE = new RegExp(`^([^.].*?)${READ_EXTENSION}$`, "i");
const CLIENT_PREFIX = "client_";
/** Files of tables that other programs read. */
const OTHER_TABLE =
  /\.(arrow|dat|data|dta|feather|h5|hdf5|jsonl|mat|ndjson|ods|orc|pickle|pkl|rdata|rds|sas7bdat|sav|xls|xlsx|csv\.(bz2|xz|zip|zst))$/i;
/** What `fedkmeans generate` lays beside the clients. */
const OWN_FILES = new Set(["cluster_centers.npy", "metadata.json"]);
/** Names of files that a line holds at most. */
const SHOWN_NAMES = 5;

/** Whether a name is that of a file whose rows can be read. */
export function isPartitionFile(name: string): boolean {
  return PARTITION_FILE.test(name);
}

/** The clients of a folder, and what is to be said of it. */
interface FolderList {
  readonly clients: { client: string; path: string }[];
  /** One line each. */
  readonly notices: string[];
}

/**
 * Finds the files of clients in a folder; the order is that of their names.
 *
 * @throws UsageError if there are none, or if one is no regular file; RunError if two are one client's
 */
export async function listFolder(folder: string): Promise<FolderList> {
  const entries = await readdir(folder, { withFileTypes: true });
  const tables = entries.filter(({ name }) => PARTITION_FILE.test(name));
  const prefixed = tables.filter(({ name }) => name.startsWith(CLIENT_PREFIX));
  const isPrefixed = prefixed.length > 0;
  const chosen = isPrefixed ? prefixed : tables;
  const paths = new Map<string, string>();
  for (const entry of chosen.sort((a, b) => compareNatural(a.name, b.name))) {
    const stem = entry.name.replace(PARTITION_FILE, "$1");
    const client = isPrefixed ? stem.slice(CLIENT_PREFIX.length) : stem;
    const path = join(folder, entry.name);
    const other = paths.get(client);
    if (other !== undefined)
      throw new RunError(`client "${client}" has two files: ${other} and ${path}; keep one`);
    if (!entry.isFile()) checkFile(path);
    paths.set(client, path);
  }
  const others = entries.filter((entry) => !entry.isDirectory() && !OWN_FILES.has(entry.name));
  const names = others.map(({ name }) => name).filter((name) => !name.startsWith("."));
  if (paths.size === 0) {
    const expected = `a file a client (${anyOf(extensionsOf(FORMATS, "gzip"))}) expected`;
    const found =
      names.length === 0
        ? 'make some with "fedkmeans generate"'
        : `found ${listed(names.sort(compareNatural))}, of a kind that is not read${textAdvice(names)}`;
    throw new UsageError(`${folder}: no clients: ${expected}; ${found}`);
  }
  return {
    clients: Array.from(paths, ([client, path]) => ({ client, path })),
    notices: leftOut(folder, names, isPrefixed),
  };
}

function checkFile(path: string): void {
  try {
    checkRegularFile(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be opened: ${messageOf(error)}`);
  }
}

/** A line that names the files one may have meant to take part, and why they do not. */
function leftOut(folder: string, names: readonly string[], isPrefixed: boolean): string[] {
  const isUnread = (name: string) =>
    !PARTITION_FILE.test(name) && (OTHER_TABLE.test(name) || name.startsWith(CLIENT_PREFIX));
  const unprefixed = isPrefixed
    ? names.filter((name) => PARTITION_FILE.test(name) && !name.startsWith(CLIENT_PREFIX))
    : [];
  const reasons: [string[], string][] = [
    [unprefixed, `beside files named ${CLIENT_PREFIX}*, no others are clients`],
    [names.filter(isUnread), "of a kind that is not read"],
  ];
  const parts = reasons.filter(([files]) => files.length > 0);
  if (parts.length === 0) return [];
  const said = parts.map(([files, reason]) => `${listed(files.sort(compareNatural))} (${reason})`);
  return [`left out of ${folder}: ${said.join("; ")}`];
}

/** Many a table of numbers is a .txt file, as numpy.savetxt's. */
function textAdvice(names: readonly string[]): string {
  return names.some((name) => /\.(txt|dat|data)$/i.test(name)) ? "; name tables in text .csv" : "";
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).join(", ");
  return names.length > SHOWN_NAMES ? `${shown} and ${names.length - SHOWN_NAMES} more` : shown;
}
