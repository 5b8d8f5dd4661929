import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compareNatural } from "../files/natural-order.js";
import { clientFileId, clientOfFileId } from "./client-name.js";

/** Everyone an experiment knows of. */
export interface LoggedClient {
  name: string;
  /** How file names write the name, after `client_`. */
  id: string;
  /** null where the directory does not say. */
  n_samples: number | null;
  n_features: number | null;
  /** Points that stand for its rows. */
  n_points: number | null;
  /** What it held to. */
  privacy: ClientPrivacy | null;
}

/** What a client held to: of groups, the least number of rows behind a point, which is 1 where it computed from rows. */
export interface ClientPrivacy {
  mode: string;
  group_size: number;
  privacy_threshold: number;
  /** Whether counts of its labels left it; false where it has none. null where the directory does not say. */
  labels: boolean | null;
  /** Of a simulation: what features were divided by before rows were compared. Else, and of rows, null. */
  group_scale: string | null;
  /** Of a simulation: whether its rows are recorded in the directory. Else null: a client keeps its records itself. */
  client_data: boolean | null;
}

/** Whether somewhere points stand for several rows each. */
export function haveGroups(clients: readonly Pick<LoggedClient, "privacy">[]): boolean {
  return clients.some(({ privacy }) => privacy !== null && privacy.group_size > 1);
}

/** Whether means may have been withheld: not of groups, nor of noise. A directory that does not say may be of a threshold. */
export function mayWithhold(clients: readonly Pick<LoggedClient, "privacy">[]): boolean {
  return clients.every(({ privacy }) => privacy === null || privacy.mode === "threshold");
}

const PREFIX = "client_";

/**
 * The clients of a directory that another program wrote: those its summary names, then, as people count, those who only
 * have a folder of local means or a file of rows. A program need not write names into file names as this one does.
 *
 * @param named what the summary says; an `id` of null where it does not say how file names write the name
 */
export function clientsOfForeign(
  directory: string,
  named: readonly (Omit<LoggedClient, "id"> & { id: string | null })[],
): LoggedClient[] {
  const found = idsOfFiles(directory);
  const idOf = new Map([
    ...found.map((id) => [clientOfFileId(id), id] as const),
    ...found.map((id) => [id, id] as const),
  ]);
  const clients = named.map(
    (client): LoggedClient => ({
      ...client,
      id: client.id ?? idOf.get(client.name) ?? clientFileId(client.name),
    }),
  );
  const known = new Set(clients.flatMap(({ name, id }) => [name, id]));
  for (const id of found) {
    if (known.has(id)) continue;
    const decoded = clientOfFileId(id);
    const name = known.has(decoded) ? id : decoded;
    clients.push({ name, id, n_samples: null, n_features: null, n_points: null, privacy: null });
    known.add(name);
  }
  return clients;
}

function idsOfFiles(directory: string): string[] {
  const entriesOf = (folder: string) => {
    const path = join(directory, folder);
    return existsSync(path) ? readdirSync(path, { withFileTypes: true }) : [];
  };
  const folders = entriesOf("local_means").filter((entry) => entry.isDirectory());
  const files = entriesOf("client_data").filter(({ name }) => name.endsWith(".npy"));
  const names = [...folders.map(({ name }) => name), ...files.map(({ name }) => name.slice(0, -4))];
  const ids = names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  return [...new Set(ids)].filter((id) => id !== "").sort(compareNatural);
}

/**
 * The clients that a list of another program means by "2", 2, "client_2" or a name, in client order; null where it says
 * one as nobody else does, and so is no list to go by.
 */
export function clientsMentioned(
  clients: readonly LoggedClient[],
  mentions: readonly unknown[],
): string[] | null {
  const nameOf = new Map<string, string>();
  for (const spell of [
    ({ name }: LoggedClient) => name,
    ({ id }: LoggedClient) => id,
    ({ id }: LoggedClient) => PREFIX + id,
  ]) {
    for (const client of clients) if (!nameOf.has(spell(client))) nameOf.set(spell(client), client.name);
  }
  const mentioned = new Set(mentions.map((mention) => nameOf.get(String(mention))));
  if (mentioned.has(undefined)) return null;
  return clients.map(({ name }) => name).filter((name) => mentioned.has(name));
}
