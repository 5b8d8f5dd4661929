import type { Experiment } from "../../read/experiment.js";
import type { LabelsOf } from "../../read/labels.js";
import { clusterStyle } from "../marks/theme.js";
import { chipMarks } from "../means/chips.js";
import { countsUnder } from "../stage/counts.js";
import { clientPlot, type Rect } from "../stage/layout.js";
import type { Point } from "../stage/places.js";
import { type RenderOptions, type Stage, stageOf } from "../stage/stage.js";
import { type WholeLayout, wholeLayoutOf } from "./layout.js";

/** What all scenes of the whole run share. */
export interface Whole {
  readonly stage: Stage;
  readonly layout: WholeLayout;
  /** Where the numbers of clusters are beside their means, found once for a key; none where there is no room. */
  readonly labelPlaces: (key: string, means: readonly Point[], radius: number, area: Rect) => LabelPlaces;
  /** Rows of a panel's clients by their nearest mean of a round; found once. null where the directory does not say. */
  readonly countsIn: (panel: number, roundIndex: number) => readonly number[] | null;
}

/** By cluster. */
export type LabelPlaces = ReadonlyMap<number, Point>;

/** Of the numbers beside means. */
export const LABEL_SIZE = 11;

/**
 * Sets the stage of the whole run.
 *
 * @param labelsOf where labels of points come from, if they are known already
 */
export function wholeOf(experiment: Experiment, options: RenderOptions, labelsOf?: LabelsOf): Whole {
  const isAlone = experiment.clients.length === 0;
  const layoutOf: typeof wholeLayoutOf = (width, height, nPanels, aspect) =>
    wholeLayoutOf(width, height, isAlone ? 0 : nPanels, aspect);
  const set = stageOf(experiment, options, labelsOf, { layoutOf, plotOf: clientPlot });
  const stage = isAlone ? { ...set, panels: [] } : set;
  const places = new Map<string, LabelPlaces>();
  const counts = new Map<string, readonly number[] | null>();
  return {
    stage,
    layout: stage.layout as WholeLayout,
    labelPlaces: (key, means, radius, area) =>
      remembered(places, key, () => {
        const labelled = means.map((at, cluster) => ({ ...at, radius, cluster, ...clusterStyle(cluster) }));
        const chips = chipMarks(labelled, area, LABEL_SIZE, stage.theme);
        return new Map(
          chips.flatMap((mark) =>
            mark.kind === "chip" ? [[Number(mark.text), { x: mark.x, y: mark.y }]] : [],
          ),
        );
      }),
    countsIn: (panel, roundIndex) =>
      remembered(counts, `${panel}/${roundIndex}`, () => {
        const all = stage.panels[panel].clients.map((client) => countsUnder(stage, client, roundIndex));
        if (all.includes(null)) return null;
        return Array.from({ length: experiment.rounds[roundIndex].k }, (_, cluster) =>
          all.reduce((sum, own) => sum + own![cluster], 0),
        );
      }),
  };
}

function remembered<T>(known: Map<string, T>, key: string, find: () => T): T {
  if (known.has(key)) return known.get(key)!;
  const found = find();
  known.set(key, found);
  return found;
}
