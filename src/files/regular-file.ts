import { lstatSync, openSync, readFileSync, type Stats, statSync } from "node:fs";

/*
 * A path that someone gives may lead to a pipe, whose reading never ends, or to a device, whose reading may have
 * effects. Whatever reads such a path comes through here.
 */

/**
 * Opens a plain file for reading.
 *
 * @returns its descriptor, which is the caller's to close
 * @throws the system's error if it cannot be opened; Error, saying what it is, if it is no regular file
 */
export function openRegularFile(path: string): number {
  checkRegularFile(path);
  return openSync(path, "r");
}

/**
 * Reads a plain file whole.
 *
 * @throws as `openRegularFile`
 */
export function readRegularFile(path: string): Buffer {
  checkRegularFile(path);
  return readFileSync(path);
}

/**
 * Reads a plain file of UTF-8 text whole.
 *
 * @throws as `openRegularFile`
 */
export function readRegularText(path: string): string {
  checkRegularFile(path);
  return readFileSync(path, "utf8");
}

/**
 * Checks, without opening it, that a path leads to a plain file.
 *
 * @throws as `openRegularFile`
 */
export function checkRegularFile(path: string): void {
  const stats = statSync(path);
  if (!stats.isFile()) throw new Error(`no regular file but ${kindOf(stats)}`);
}

/**
 * Checks that a file may be renamed to a path: that there is nothing, a plain file or a link. Whoever may write in /dev could
 * replace its devices.
 *
 * @throws Error, saying what is there
 */
export function checkReplaceable(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile() || stats.isSymbolicLink()) return;
  throw new Error(`no regular file but ${kindOf(stats)}`);
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a pipe (FIFO)";
  if (stats.isSocket()) return "a socket";
  return stats.isCharacterDevice() || stats.isBlockDevice() ? "a device" : "something else";
}
