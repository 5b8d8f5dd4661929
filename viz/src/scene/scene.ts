import type { Experiment } from "../read/experiment.js";
import type { LabelsOf } from "../read/labels.js";
import type { Frame, Step, View } from "./frame.js";
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

function viewLayers(stage: Stage, frame: Frame): Layer[] {
  const { roundIndex } = frame;
  if (frame.kind === "card") {
    if (frame.card === "title") return localLayers(stage, roundIndex, { assign: 0, update: 0, withhold: 0 });
    return globalLayers(stage, roundIndex, roundIndex);
  }
  if (frame.kind === "still") {
    if (frame.view === "local") return localLayers(stage, roundIndex, LOCAL_DONE);
    if (frame.view === "aggregation") return aggregationLayers(stage, roundIndex, 1);
    return globalLayers(stage, roundIndex, roundIndex);
  }
  const progress = ease(frame.progress);
  switch (frame.step) {
    case "assign":
    case "update":
    case "withhold":
      return localLayers(stage, roundIndex, localProgress(frame.step, progress));
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

function frameLayer(stage: Stage, frame: Frame): Layer {
  const { roundIndex } = frame;
  const view = viewOf(frame);
  const known =
    view === "global" || (view === "aggregation" && !(frame.kind === "motion" && frame.step === "collect"));
  const marks = [...headerMarks(stage, roundIndex, view), ...sidebarMarks(stage, roundIndex, known, view)];
  return { key: null, marks, opacity: 1 };
}

function viewOf(frame: Frame): View {
  if (frame.kind === "still") return frame.view;
  if (frame.kind === "card") return frame.card === "title" ? "local" : "global";
  if (frame.step === "broadcast") return "global";
  return frame.step === "collect" || frame.step === "aggregate" ? "aggregation" : "local";
}
