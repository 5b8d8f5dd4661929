import { renameFields, snakeCase } from "../casing.js";
import type { EnvironmentRecord } from "../directory/summary.js";
import type { ArrayDifference } from "../experiment/rerun/compare-round.js";
import type { Rerun } from "../experiment/rerun/rerun.js";
import { significant } from "../markup/text-table.js";
import { plural, printableLine } from "../printable.js";

/** What a person reads of a run that was run again: the same, in a line, or what differs. */
export function rerunReport(rerun: Rerun): string {
  return rerunLines(rerun)
    .map((line) => `${printableLine(line)}\n`)
    .join("");
}

/** The same, a line each. */
export function rerunLines(rerun: Rerun): string[] {
  return [verdict(rerun), ...differences(rerun), ...environments(rerun)];
}

/** What a program reads of it: one JSON object. */
export function rerunJson({ kind: _, ...rerun }: Rerun): string {
  const { recordedEnvironment, environment, ...found } = rerun;
  // Of the directory, whose names are its own already.
  const environments = { recorded_environment: recordedEnvironment, environment };
  return `${JSON.stringify({ ...(renameFields(found, snakeCase) as object), ...environments }, null, 2)}\n`;
}

function verdict({ experimentDir, isSame, status, rounds, runHash, difference }: Rerun): string {
  const upTo = rounds === 1 ? "round 0" : `rounds 0 to ${rounds - 1}`;
  if (isSame) {
    const what =
      status === "completed" ? `${upTo}, final means and metrics` : `${upTo} of a run that is ${status}`;
    return `${experimentDir}: run again, the same to the last bit: ${what}, run hash ${runHash}`;
  }
  if (difference === null)
    return `${experimentDir}: run again, the same run hash ${runHash}, and yet not all is the same`;
  return `${experimentDir}: run again, not the same`;
}

function differences({ difference, finalMeans, metrics }: Rerun): string[] {
  return [
    ...(difference === null
      ? []
      : [`first difference: ${place(difference)}${describedDifference(difference)}`]),
    ...(finalMeans === null ? [] : [`final means on the original scale: ${describedDifference(finalMeans)}`]),
    ...metrics.map(
      ({ metric, recorded, found }) =>
        `${metric}: ${JSON.stringify(recorded)} recorded, ${JSON.stringify(found)} found`,
    ),
  ];
}

function place({ round, client, array }: NonNullable<Rerun["difference"]>): string {
  const when = round === null ? "before round 0" : `round ${round}`;
  return `${when}, ${client === null ? "server" : `client ${client}`}, ${array}: `;
}

/**
 * How an array differs.
 *
 * @param names of the two that are compared
 */
export function describedDifference(
  { problem, largest }: ArrayDifference,
  [one, other]: readonly [string, string] = ["recorded", "found"],
): string {
  if (largest === null) return problem!;
  const { index, recorded, found, difference } = largest;
  const at = `at [${index.join(", ")}]`;
  // What differs is often the last digit.
  const isSeen = significant(recorded) !== significant(found);
  const [a, b] = [recorded, found].map((value) => (isSeen ? significant(value) : String(value)));
  return `largest difference ${significant(difference)} ${at}, ${a} ${one}, ${b} ${other}`;
}

/** Nothing where the program and the machine are those that made the run. */
function environments({ recordedEnvironment: recorded, environment }: Rerun): string[] {
  if (recorded === null)
    return [`made by a version that did not record itself; run again by ${named(environment)}`];
  if (JSON.stringify(recorded) === JSON.stringify(environment)) return [];
  const version = recorded.fedkmeans === environment.fedkmeans ? [] : ["another version of fedkmeans"];
  const said = version.length === 0 ? "" : ` (${version})`;
  return [`made by ${named(recorded)}; run again by ${named(environment)}${said}`];
}

function named(environment: EnvironmentRecord): string {
  const { fedkmeans, runtime, runtime_version, platform, architecture, processor, processors } = environment;
  const on = processor === null ? "" : ` on ${processor}`;
  return `fedkmeans ${fedkmeans}, ${runtime} ${runtime_version}, ${platform} ${architecture}${on}, ${plural(processors, "processor")}`;
}
