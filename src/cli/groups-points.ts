import { theSetting, UsageError } from "../errors.js";
import type { LoadOptions } from "../experiment/data-settings.js";
import { pointsText } from "../federation/client/points-file.js";
import { openState } from "../federation/client/state-folder.js";
import { writeFileDurably } from "../files/durable-write.js";
import { loadRows, storedColumns } from "./groups-data.js";

/** What a program of another language, that answers a server itself, asks of the state for a run. */
export const POINTS_SETTINGS = {
  run: {
    type: "text",
    metavar: "RUN",
    default: null,
    help: "what tells a run from all others: its points are fixed from the first time on",
  },
  points: {
    type: "text",
    metavar: "FILE",
    default: null,
    help: "write the points of the run as JSON; - is standard output",
  },
  runGroupSize: {
    type: "integer",
    default: null,
    min: 1,
    max: 1_000_000,
    help: "least number of rows of a group in this run: of a server that asks for more than the state has",
  },
  shareLabels: { type: "flag", default: false, help: "with the rows of each class behind each point" },
  allowProven: {
    type: "flag",
    default: false,
    help: "begin the run even if rare rows could be proven from its points",
  },
} as const;

interface AskedPoints {
  readonly run?: string | null;
  readonly points?: string | null;
  readonly runGroupSize?: number | null;
  readonly shareLabels?: boolean;
  readonly allowProven?: boolean;
}

/**
 * Writes the points of a run. With the client's file the run may begin with it; without, it must have begun.
 *
 * @param data the client's file; undefined: it is not looked at
 * @param others names of options that were given beside these
 * @returns null where no points were asked for; else how many, of how many rows
 * @throws UsageError where options do not go together; RunError as `beginRun` and `pointsOf`
 */
export async function writePoints(
  stateDir: string,
  data: string | undefined,
  given: LoadOptions,
  {
    run = null,
    points: file = null,
    runGroupSize = null,
    shareLabels = false,
    allowProven = false,
  }: AskedPoints,
  others: readonly string[],
): Promise<{ nPoints: number; nSamples: number; file: string } | null> {
  if (run === null && file === null) return null;
  if (run === null || file === null) {
    const [has, lacks] = run === null ? ["points", "run"] : ["run", "points"];
    throw new UsageError(`${theSetting(has)} needs ${theSetting(lacks)}`);
  }
  const [other] = others;
  if (other !== undefined) throw new UsageError(`${theSetting(other)} does not go with ${theSetting("run")}`);
  const state = openState(stateDir);
  const stored = state.groups();
  const load = () => loadRows(data!, storedColumns(given, stored), stored.columns !== null);
  const asked = { ...(runGroupSize !== null && { runGroupSize }), allowProven };
  const points = data === undefined ? state.pointsOf(run) : await state.beginRun(run, load, asked);
  const { labelColumn } = stored;
  const text = pointsText(points, { run, labelColumn, sharesLabels: shareLabels });
  if (file === "-") process.stdout.write(text);
  else writeFileDurably(file, text);
  const { weights, points: matrix } = points;
  return {
    nPoints: matrix.nRows,
    nSamples: weights?.reduce((sum, weight) => sum + weight, 0) ?? matrix.nRows,
    file,
  };
}
