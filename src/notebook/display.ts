import type { RunResult } from "../experiment/result.js";
import {
  dataContent,
  experimentContent,
  otherContent,
  resultContent,
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
 * Shows something below the cell: a run's result, data that was loaded, an experiment that was opened, a table
 * (an array of plain objects), a frame, a video, SVG or HTML; anything else as text. In a terminal all is text.
 *
 * @example await fk.display(result);
 */
export async function display(
  what: RunResult | Experiment | FederatedData | Picture | Video | readonly object[] | object | string,
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
  if ("png" in what) return pictureContent(what as Picture);
  if ("videoPath" in what) return videoContent(what as Video);
  if ("svg" in what && typeof what.svg === "string") return textContent(what.svg);
  return otherContent(what);
}
