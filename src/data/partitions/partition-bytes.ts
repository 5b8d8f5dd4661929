import { statSync } from "node:fs";
import type { PartitionRef } from "./partition-list.js";

/**
 * Bytes that the rows of some clients take where they lie: in files, each of which counts once, or in memory.
 *
 * @param most where to stop counting: of more, any number above it is returned
 */
export function bytesOfPartitions(refs: readonly PartitionRef[], most: number): number {
  let bytes = 0;
  const paths = new Set<string>();
  for (const ref of refs) {
    if (bytes > most) break;
    if ("partition" in ref) bytes += ref.partition.rows.data.byteLength;
    else if (!paths.has(ref.path)) {
      paths.add(ref.path);
      bytes += statSync(ref.path, { throwIfNoEntry: false })?.size ?? 0;
    }
  }
  return bytes;
}
