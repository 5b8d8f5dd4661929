import type { LocalFacts, RoundFacts } from "../../read/experiment.js";
import type { Mark } from "../marks/marks.js";
import { clusterStyle } from "../marks/theme.js";
import type { MeanStep } from "../means/arrows.js";
import type { Labelled } from "../means/chips.js";
import { DROPPED_OPACITY, hollowMark } from "../means/mean-marks.js";
import { meanRadius, placed } from "../stage/places.js";
import type { Panel, Stage } from "../stage/stage.js";

/* The global means as clients were sent them: those that moved on, those that were dropped, and those withheld. */

/** More dropped and withheld means than this have no numbers: those that moved come first. */
const MOST_IDLE = 12;

/** The global means as sent: hollow; pale where the client dropped them, as nothing it computes from is nearest. */
export function globalOutlines(
  { theme }: Stage,
  panel: Panel,
  previous: RoundFacts,
  locals: readonly LocalFacts[] | null,
): Mark[] {
  const radius = meanRadius(panel);
  const used = new Set(
    locals?.flatMap(({ origins, withheld }) => [...origins, ...withheld.map(({ origin }) => origin)]),
  );
  return Array.from({ length: previous.k }, (_, cluster): Mark => {
    const mark = hollowMark(placed(panel, previous.positions, cluster), radius, cluster, theme);
    return { ...mark, opacity: locals === null || used.has(cluster) ? 1 : DROPPED_OPACITY };
  });
}

/** A withheld mean never left its client, so nobody knows where it is: it is drawn where it began. */
export function withheldMarks(
  { theme }: Stage,
  panel: Panel,
  previous: RoundFacts | null,
  locals: readonly LocalFacts[],
): Mark[] {
  if (previous === null) return [];
  const origins = locals.flatMap(({ withheld }) => withheld.flatMap(({ origin }) => origin ?? []));
  const radius = meanRadius(panel) * 1.15;
  return [...new Set(origins)].map((cluster): Mark => {
    const mark = hollowMark(placed(panel, previous.positions, cluster), radius, cluster, theme);
    return { ...mark, struck: true };
  });
}

/** Numbers of the means as sent that no mean of the panel began as: dropped or withheld ones. */
export function idleLabels(panel: Panel, previous: RoundFacts, moves: readonly MeanStep[]): Labelled[] {
  const moved = new Set(moves.map(({ cluster }) => cluster));
  const idle = outlineLabels(panel, previous).filter(({ cluster }) => !moved.has(cluster));
  return idle.length > MOST_IDLE ? [] : idle.map((mean) => ({ ...mean, isIdle: true }));
}

/** Numbers of all means as sent. */
export function outlineLabels(panel: Panel, previous: RoundFacts): Labelled[] {
  return Array.from({ length: previous.k }, (_, cluster): Labelled => {
    const at = placed(panel, previous.positions, cluster);
    return { ...at, radius: meanRadius(panel), cluster, color: clusterStyle(cluster).color };
  });
}
