import { SCHEMA_VERSION } from "../../directory/layout.js";
import { RunError } from "../../errors.js";
import { inOrder } from "./points.js";
import type { RunPoints } from "./state-folder.js";

/** Of more, the text would be longer than a string can be. */
const MOST_NUMBERS = 2 ** 24;

/**
 * A client's points of a run as JSON, to be computed with by a program in any language: a number keeps its bits.
 *
 * @param labelColumn where the labels are from; null where they have none, or one without a name
 * @param sharesLabels whether counts of labels are to be among them
 * @throws RunError if there are too many
 */
export function pointsText(
  points: RunPoints,
  { run, labelColumn, sharesLabels }: { run: string; labelColumn: string | null; sharesLabels: boolean },
): string {
  // The order in which groups were made tells of the rows in them.
  const ordered = inOrder(points);
  const { nRows, nColumns: d, data } = ordered.points;
  if (data.length > MOST_NUMBERS) {
    throw new RunError(`points of at most ${MOST_NUMBERS} numbers can be written, found ${data.length}`);
  }
  const labels = sharesLabels ? ordered.labels : null;
  const fields = {
    schema_version: SCHEMA_VERSION,
    run,
    group_size: points.groupSize,
    feature_names: points.columns,
    points: rowsOf(data, nRows, d),
    weights: ordered.weights === null ? Array(nRows).fill(1) : [...ordered.weights],
    // JSON has no NaN.
    spreads: ordered.spreads && Array.from(ordered.spreads, (x) => (Number.isNaN(x) ? null : x)),
    label_column: labels && labelColumn,
    classes: labels?.classes ?? null,
    label_counts: labels && rowsOf(countsOf(labels, nRows), nRows, labels.classes.length),
  };
  return `${JSON.stringify(fields)}\n`;
}

function rowsOf(data: Float64Array, nRows: number, nColumns: number): number[][] {
  return Array.from({ length: nRows }, (_, i) => [...data.subarray(i * nColumns, (i + 1) * nColumns)]);
}

/** (nPoints, classes) */
function countsOf(labels: NonNullable<RunPoints["labels"]>, nPoints: number): Float64Array {
  const { classes, classOf, pointOf, rows } = labels;
  const counts = new Float64Array(nPoints * classes.length);
  for (let i = 0; i < classOf.length; i++) {
    counts[(pointOf === null ? i : pointOf[i]) * classes.length + classOf[i]] += rows === null ? 1 : rows[i];
  }
  return counts;
}
