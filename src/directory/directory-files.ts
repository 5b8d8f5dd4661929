import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

/** What lies in an experiment directory. Paths are relative to it, with slashes on every system, in order. */
interface DirectoryFiles {
  /** Plain files in plain folders. */
  readonly plain: string[];
  /** Links, pipes, sockets and devices: nothing of ours, and not to be opened. */
  readonly other: string[];
}

/**
 * Lists all files of a directory. Links are not followed, so that nothing outside is met.
 *
 * @throws the system's error if a folder cannot be read
 */
export function listFiles(directory: string): DirectoryFiles {
  const plain: string[] = [];
  const other: string[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(join(directory, folder), { withFileTypes: true }) as Dirent[]) {
      const path = folder + entry.name;
      if (entry.isDirectory()) folders.push(`${path}/`);
      else (entry.isFile() ? plain : other).push(path);
    }
  }
  return { plain: plain.sort(), other: other.sort() };
}
