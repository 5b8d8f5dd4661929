import { renameFields, snakeCase } from "../../casing.js";
import { type LoggedMetrics, readMetrics } from "../../directory/read-metrics.js";
import { RunError } from "../../errors.js";

/** The metrics that compare clusters with classes: traces of the rows' labels. */
const OF_LABELS = {
  adjustedRandIndex: null,
  meanClientAdjustedRandIndex: null,
  normalizedMutualInformation: null,
  contingency: null,
} satisfies Partial<LoggedMetrics>;

/**
 * The metrics of a run's points, but for those that go by labels, or what noise left under differential privacy; those of
 * its rows are unknown.
 *
 * @returns fields as the file names them
 * @throws RunError if the directory has none, or they are not as they should be
 */
export function exportedMetrics(directory: string, path: string): object {
  const { ofPoints, noisy, ...ofRows } = readMetrics(directory);
  const unknown = Object.fromEntries(Object.keys(ofRows).map((name) => [name, null]));
  if (noisy !== null) return renameFields({ ...unknown, noisy }, snakeCase) as object;
  if (ofPoints === null) throw new RunError(`${path}: of_points: an object expected, found nothing`);
  return renameFields({ ...unknown, ofPoints: { ...ofPoints, ...OF_LABELS } }, snakeCase) as object;
}
