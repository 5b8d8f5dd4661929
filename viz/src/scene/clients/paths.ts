import type { Mark } from "../marks/marks.js";
import { clusterStyle } from "../marks/theme.js";
import { pathMarks } from "../means/arrows.js";
import { placed } from "../stage/places.js";
import type { Panel, Stage } from "../stage/stage.js";

/** Where the global means have been in a panel, from round 0 to the one before a round. */
export function pathsOf({ experiment, theme }: Stage, panel: Panel, roundIndex: number): Mark[] {
  const before = experiment.rounds.slice(0, roundIndex);
  return Array.from({ length: experiment.rounds[roundIndex].k }, (_, cluster) => cluster).flatMap(
    (cluster) => {
      const places = before
        .filter(({ k }) => cluster < k)
        .map(({ positions }) => placed(panel, positions, cluster));
      return pathMarks(places, clusterStyle(cluster).color, theme);
    },
  );
}
