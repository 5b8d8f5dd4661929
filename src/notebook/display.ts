import type { RunResult } from "../experiment/result.js";
import type { KChoice } from "../study/choose-k.js";
import type { Reproduction } from "../study/reproduction.js";
import type { SweepResult } from "../study/sweep-result.js";
import {
  choiceContent,
  dataContent,
  experimentContent,
  otherContent,
  reproductionContent,
  resultContent,
  sweepContent,
  tableContent,
  textContent,
} from "./contents.js";
import type { FederatedData } from "./data.js";
import type { Experiment } from "./experiment.js";
import { type Content, place } from "./place.js";
import type { Row } from "./tables.js";
import { type Picture, pictureContent, type Video, videoContent } from "./viz.js";

/** Options of `display`. */
export interface DisplayOptions {
  /** Said above a table. */
  caption?: string;
  /** Rows of a table shown at most; default 20. */
  maxRows?: number;
}

/**
 * Shows something below the cell: a run's result, data that was loaded, an experiment that was opened, a
 * study (a sweep, a choice of k, the reproduction), a table (an array of plain objects), a frame, a video, SVG or
 * HTML; anything else as text. In a terminal all is text.
 *
 * @example await fk.display(result);
 */
export async function display(
  what:
    | RunResult
    | Experiment
    | FederatedData
    | SweepResult
    | KChoice
    | Reproduction
    | Picture
    | Video
    | readonly object[]
    | object
    | string,
  options: DisplayOptions = {},
): Promise<void> {
  const slot = place().slot();
  await slot.show(contentOf(what, options));
  slot.end();
}

function contentOf(what: object | string, { caption = "", maxRows = 20 }: DisplayOptions): Content {
  if (typeof what === "string") return textContent(what);
  if (Array.isArray(what)) return tableContent(what as Row[], caption, maxRows);
  if ("runHash" in what) return resultContent(what as RunResult);
  if ("status" in what && "rounds" in what) return experimentContent(what as Experiment);
  if ("path" in what && "clients" in what) return dataContent(what as FederatedData);
  if ("summary" in what && "runs" in what) return sweepContent(what as SweepResult);
  if ("verdict" in what && "scores" in what) return choiceContent(what as KChoice);
  if ("runsDone" in what && "cells" in what) return reproductionContent(what as Reproduction);
  if ("png" in what) return pictureContent(what as Picture);
  if ("videoPath" in what) return videoContent(what as Video);
  if ("svg" in what && typeof what.svg === "string") return textContent(what.svg);
  return otherContent(what);
}
