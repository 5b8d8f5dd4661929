import type { Experiment } from "../read/experiment.js";
import type { LabelsOf } from "../read/labels.js";
import type { Frame, Step } from "./frame.js";
import { globalLayers } from "./global-view.js";
import { headerMarks } from "./header.js";
import { LOCAL_DONE, type LocalProgress, localLayers } from "./local-view.js";
import type { Layer, Scene } from "./marks.js";
import { broadcastLayers, collectLayers, ease } from "./motion.js";
import { aggregationLayers } from "./server-view.js";
import { sidebarMarks } from "./sidebar.js";
import { type RenderOptions, type Stage, stageOf } from "./stage.js";

/**
 * Makes scenes of one experiment.
 *
 * @param labelsOf where labels of points come from, if they are known already
 * @returns a function of a frame; the same frame gives the same scene whatever was asked before
 */
export function createComposer(
  experiment: Experiment,
  options: RenderOptions,
  labelsOf?: LabelsOf,
): (frame: Frame) => Scene {
  const stage = stageOf(experiment, options, labelsOf);
  const { width, height } = stage.layout;
  return (frame) => ({
    width,
    height,
    background: stage.theme.background,
    layers: [...viewLayers(stage, frame), frameLayer(stage, frame)],
  });
}

function viewLayers(stage: Stage, { roundIndex, view, motion }: Frame): Layer[] {
  if (motion === null) {
    if (view === "local") return localLayers(stage, roundIndex, LOCAL_DONE);
    if (view === "aggregation") return aggregationLayers(stage, roundIndex, 1);
    return globalLayers(stage, roundIndex, roundIndex);
  }
  const progress = ease(motion.progress);
  switch (motion.step) {
    case "assign":
    case "update":
    case "withhold":
      return localLayers(stage, roundIndex, localProgress(motion.step, progress));
    case "collect":
      return collectLayers(stage, roundIndex, progress);
    case "aggregate":
      return aggregationLayers(stage, roundIndex, progress);
    case "broadcast":
      return broadcastLayers(stage, roundIndex, progress);
  }
}

function localProgress(step: Step, progress: number): LocalProgress {
  return {
    assign: step === "assign" ? progress : 1,
    update: step === "assign" ? 0 : step === "update" ? progress : 1,
    withhold: step === "withhold" ? progress : 0,
  };
}

function frameLayer(stage: Stage, { roundIndex, view, motion }: Frame): Layer {
  const known = view === "global" || (view === "aggregation" && motion?.step !== "collect");
  const marks = [...headerMarks(stage, roundIndex, view), ...sidebarMarks(stage, roundIndex, known, view)];
  return { key: null, marks, opacity: 1 };
}
