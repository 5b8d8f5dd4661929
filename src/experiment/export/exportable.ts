import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { type LoggedSummary, readSummary } from "../../directory/read-summary.js";
import { RunError, theSetting, UsageError } from "../../errors.js";

/**
 * Reads the summary of a directory that holds points or noisy answers, so that one without its rows can be made of it.
 *
 * @throws RunError if it is not of a completed run of this package whose clients all computed from groups, or answered
 *   under differential privacy
 */
export function exportableSummary(directory: string): LoggedSummary {
  const summary = readSummary(directory);
  const { isOurs, status, clients, manifest } = summary;
  if (!isOurs) {
    throw new RunError(
      `${directory} cannot be exported: its summary has no schema_version, so another program wrote it`,
    );
  }
  if (status !== "completed") {
    throw new RunError(`${directory} cannot be exported: the run is ${status}, and only a completed one is`);
  }
  for (const client of clients) {
    const protection = protectionOf(client);
    if (protection === null) continue;
    throw new RunError(
      `${directory} cannot be exported: client "${client.name}" ${protection}, so what it sent is of rows; run it with ` +
        `${theSetting("groupSize")} 2 or more, or ${theSetting("privacy")} dp`,
    );
  }
  if (manifest === null) {
    throw new RunError(`${directory} cannot be exported: it has no manifest to verify it by`);
  }
  return summary;
}

/** What a client computed from, where that is neither groups nor answered with noise; null where it is. */
function protectionOf({ privacy }: LoggedSummary["clients"][number]): string | null {
  if (privacy === null) return "does not say that it computed from groups";
  if (privacy.mode === "dp") return null;
  if (privacy.mode !== "groups") return `held to ${theSetting("privacy")} ${privacy.mode}`;
  return privacy.group_size > 1 ? null : `held to ${theSetting("groupSize")} ${privacy.group_size}`;
}

/**
 * @param out where the export is to be
 * @throws UsageError if something is there, or if it is inside the directory, which then would not verify any more
 */
export function checkPlace(directory: string, out: string): void {
  if (out === "") throw new UsageError("the export's directory must have a name, found none");
  if (existsSync(resolve(out))) throw new UsageError(`${out} is there already: name a directory that is not`);
  let above = dirname(resolve(out));
  while (!existsSync(above)) above = dirname(above);
  const path = relative(realpathSync(directory), realpathSync(above));
  if (path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path)) return;
  throw new UsageError(`${out} is inside ${directory}: name a directory elsewhere`);
}

/**
 * Checks that nothing of few rows is among what is exported: what the summary promises of a client holds for its arrays.
 *
 * @param path the counts' file
 * @param counts (m,) rows behind means or points
 * @param least the client's group size; null where that is not known
 * @throws RunError if there are fewer behind one of them, but none
 */
export function checkRowsBehind(path: string, counts: Float64Array, least: number | null): void {
  const found = counts.find((count) => count !== 0 && !(count >= (least ?? Number.POSITIVE_INFINITY)));
  if (found === undefined) return;
  throw new RunError(
    `${path}: ${least ?? "a known number of"} rows or more behind each mean expected, found ${found}`,
  );
}
