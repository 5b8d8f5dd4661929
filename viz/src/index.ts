/**
 * Pictures and video of an experiment directory.
 *
 * @module fedkmeans-viz
 */

export { RunError, UsageError } from "fedkmeans/directory";
export type { FigureFormat } from "./draw/figure.js";
export { renderSvg } from "./draw/svg-pixels.js";
export type { VideoFormat } from "./encode/ffmpeg.js";
export type { PictureOptions, Size, VideoOptions } from "./options.js";
export type { Experiment } from "./read/experiment.js";
export { readExperiment } from "./read/read-experiment.js";
export type { View } from "./scene/frames/frame.js";
export { type DiagnosticsOptions, renderDiagnostics } from "./visualize/diagnostics.js";
export { type PageOptions, renderPage } from "./visualize/page.js";
export { type PosterOptions, renderPoster } from "./visualize/poster.js";
export { type Hooks, renderFrame, renderVideo, type Visualization, visualize } from "./visualize.js";
