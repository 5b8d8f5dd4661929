import type { Collected } from "../experiment/collect/collect.js";
import { printable } from "../printable.js";
import { verificationLine } from "./verification-line.js";

/** What a person reads of records that were brought together. */
export function collectReport(collected: Collected): string {
  const lines = collected.clients.map(
    ({ client, records }) => `${printable(client)}: ${records.map(printable).join(", ")}`,
  );
  return `${lines.join("\n")}\n${collected.experimentDir}: ${verificationLine(collected)}\n`;
}

/** What a program reads of it: one JSON object. */
export function collectJson({ experimentDir, clients, rounds, files, runHash }: Collected): string {
  const fields = { experiment_dir: experimentDir, clients, rounds: rounds - 1, files, run_hash: runHash };
  return `${JSON.stringify(fields, null, 2)}\n`;
}
