import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { NamedClient } from "./summary.js";

const PREFIX = "client_";
/** As people count, client_2 before client_10, the same on every machine. */
const NATURAL: Intl.Collator = new Intl.Collator("en", { numeric: true });

/**
 * Everyone an experiment knows of: those the summary names, in its order, then those who only have a folder of
 * local means or a file of rows.
 */
export function listClients(directory: string, named: readonly NamedClient[]): NamedClient[] {
  const known = new Set(named.map(({ id }) => id));
  const found = new Set([
    ...namesIn(join(directory, "local_means")).filter((name) => !name.includes(".")),
    ...namesIn(join(directory, "client_data"))
      .filter((name) => name.endsWith(".npy"))
      .map((name) => name.slice(0, -".npy".length)),
  ]);
  const others = [...found]
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
    .filter((id) => !known.has(id))
    .sort(NATURAL.compare)
    .map((id) => ({ name: decode(id), id, nSamples: null }));
  return [...named, ...others];
}

/** Finds the client that a round's metadata means by "2", 2, "client_2" or a name; -1 if nobody. */
export function indexOfClient(clients: readonly NamedClient[], mention: unknown): number {
  const text = String(mention);
  const byName = clients.findIndex(({ name, id }) => name === text || id === text);
  return byName >= 0 ? byName : clients.findIndex(({ id }) => `${PREFIX}${id}` === text);
}

export function clientFolder(directory: string, { id }: NamedClient): string {
  return join(directory, "local_means", PREFIX + id);
}

export function clientDataFile(directory: string, { id }: NamedClient): string {
  return join(directory, "client_data", `${PREFIX + id}.npy`);
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
