import type { Exported } from "../experiment/export/export-directory.js";
import { printable } from "../printable.js";
import { verificationLine } from "./verification-line.js";

/** What a person reads of an export. */
export function exportReport(exported: Exported): string {
  const { experimentDir, nSamples, nPoints, leftOut } = exported;
  const inOthers = "what is of rows or labels in the other files";
  return (
    `${experimentDir}: ${nPoints === null ? "noisy answers alone" : `${nSamples} rows as ${nPoints} groups`}; ${verificationLine(exported)}\n` +
    `left out: ${[...leftOut.map(printable), inOthers].join(", ")}\n`
  );
}

/** What a program reads of it: one JSON object. */
export function exportJson(exported: Exported): string {
  return `${JSON.stringify(
    {
      experiment_dir: exported.experimentDir,
      n_samples: exported.nSamples,
      n_points: exported.nPoints,
      rounds: exported.rounds - 1,
      files: exported.files,
      run_hash: exported.runHash,
      left_out: exported.leftOut,
    },
    null,
    2,
  )}\n`;
}
