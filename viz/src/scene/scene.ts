import type { Experiment } from "../read/experiment.js";
import { type LabelsOf, labeller } from "../read/labels.js";
import { globalLayers } from "./clients/global-view.js";
import { localLayers } from "./clients/local-view.js";
import type { Frame, StillFrame } from "./frames/frame.js";
import { headerMarks } from "./furniture/header.js";
import { legendOf } from "./furniture/legend.js";
import { sidebarMarks } from "./furniture/sidebar.js";
import type { Layer, Scene } from "./marks/marks.js";
import { wholeScene } from "./motion/motion.js";
import { type Whole, wholeOf } from "./motion/stage.js";
import { aggregationLayers } from "./server/server-view.js";
import { type RenderOptions, type Stage, stageOf } from "./stage/stage.js";

/**
 * Makes scenes of one experiment.
 *
 * @param labelsOf where labels of points come from, if they are known already
 * @returns a function of a frame; the same frame gives the same scene whatever was asked before
 */
export function createComposer(
  experiment: Experiment,
  options: RenderOptions,
  labelsOf: LabelsOf = labeller(experiment),
): (frame: Frame) => Scene {
  // A video is of stills or of motion: each stage is set when it is first needed.
  let stage: Stage | undefined;
  let whole: Whole | undefined;
  return (frame) => {
    if (frame.kind === "still") {
      stage ??= stageOf(experiment, options, labelsOf);
      return stillScene(stage, frame);
    }
    whole ??= wholeOf(experiment, options, labelsOf);
    return wholeScene(whole, frame);
  };
}

function stillScene(stage: Stage, frame: StillFrame): Scene {
  const { roundIndex, view } = frame;
  const { width, height } = stage.layout;
  const layers = viewLayers(stage, frame);
  const legend = legendOf(
    stage,
    view,
    layers.flatMap(({ marks }) => marks),
  );
  const sidebar = sidebarMarks(stage, roundIndex, view !== "local", legend);
  const around = [...headerMarks(stage, roundIndex, view), ...sidebar.marks];
  return {
    width,
    height,
    background: stage.theme.background,
    layers: [
      ...layers,
      { key: null, marks: around, opacity: 1 },
      { key: null, isLegend: true, marks: sidebar.legend, opacity: 1 },
    ],
  };
}

function viewLayers(stage: Stage, { roundIndex, view }: StillFrame): Layer[] {
  if (view === "local") return localLayers(stage, roundIndex);
  if (view === "aggregation") return aggregationLayers(stage, roundIndex);
  return globalLayers(stage, roundIndex, roundIndex);
}
