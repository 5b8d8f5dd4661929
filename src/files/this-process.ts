import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/*
 * Which process made a file, so that another can tell whether it is still at work. A process id means something on one
 * machine only, until it starts anew, and in one container; on a shared file system others have the same ids.
 */

let place: string | null = null;

/** Eight digits for where this process's id means something: host, its last start and, on Linux, the container. */
export function placeOfIds(): string {
  place ??= createHash("sha256")
    .update([hostname(), textOf("/proc/sys/kernel/random/boot_id"), linkOf("/proc/self/ns/pid")].join("\n"))
    .digest("hex")
    .slice(0, 8);
  return place;
}

/** Whether a process of this place is at work. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** When a process of this place started, in the system's own count; null where it does not tell, or there is none. */
export function startOf(pid: number): string | null {
  // Its name, in brackets, may hold anything.
  const fields = textOf(`/proc/${pid}/stat`).split(") ").at(-1)!.split(" ");
  return fields[19] ?? null;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
