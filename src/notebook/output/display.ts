import type { Verification } from "../../directory/verify.js";
import type { Collected } from "../../experiment/collect/collect.js";
import type { Exported } from "../../experiment/export/export-directory.js";
import type { Experiment } from "../../experiment/open.js";
import type { Prediction } from "../../experiment/predict.js";
import type { Preview } from "../../experiment/preview.js";
import type { Rerun } from "../../experiment/rerun/rerun.js";
import type { RunResult } from "../../experiment/result.js";
import { collectReport } from "../../report/collect-report.js";
import { exportReport } from "../../report/export-report.js";
import { rerunReport } from "../../report/rerun-report.js";
import { verificationLine } from "../../report/verification-line.js";
import type { KChoice } from "../../study/k-choice.js";
import type { Reproduction } from "../../study/reproduce/reproduction.js";
import type { SweepResult } from "../../study/sweep-result.js";
import type { FederatedData } from "../data.js";
import type { Report } from "../report.js";
import type { Row } from "../tables/row.js";
import type { Picture, VectorPicture, Video } from "../viz.js";
import {
  choiceContent,
  dataContent,
  experimentContent,
  otherContent,
  predictionContent,
  previewContent,
  reproductionContent,
  resultContent,
  sweepContent,
  tableContent,
  textContent,
} from "./contents.js";
import { type Content, currentFrontend } from "./frontend.js";
import { pictureContent, videoContent } from "./media.js";
import { reportContent } from "./report-link.js";

/** The results for which `display` has a form of its own; their `kind` tells them apart. */
type Result =
  | RunResult
  | Experiment
  | FederatedData
  | Prediction
  | Preview
  | SweepResult
  | KChoice
  | Reproduction
  | Verification
  | Exported
  | Collected
  | Rerun
  | Picture
  | VectorPicture
  | Video
  | Report;

/** Options of `display`. */
export interface DisplayOptions {
  /** Stands above a table. */
  caption?: string;
  /** Rows of a table shown at most; default 20. */
  maxRows?: number;
}

/**
 * Shows something below the cell: a run's result, data that was loaded, a preview, an experiment that was opened, a prediction, a
 * study (a sweep, a choice of k, the reproduction), a directory's verification, export or collection, a table (an array of plain objects), a
 * frame, a video, SVG or HTML. Any other object is shown as text, and in a terminal everything is.
 *
 * @example await fk.display(result);
 */
export async function display(what: unknown, options: DisplayOptions = {}): Promise<void> {
  const output = currentFrontend().newOutput();
  await output.show(contentOf(what, options));
  output.end();
}

/** Chooses the form in which `display` shows something. */
export function contentOf(what: unknown, { caption = "", maxRows = 20 }: DisplayOptions = {}): Content {
  if (typeof what === "string") return textContent(what);
  if (typeof what !== "object" || what === null) return otherContent(what);
  if (Array.isArray(what))
    return what.every(isRow) ? tableContent(what, caption, maxRows) : otherContent(what);
  if ("svg" in what && typeof what.svg === "string" && !("kind" in what)) return textContent(what.svg);
  if (!("kind" in what)) return otherContent(what);
  try {
    return resultContentOf(what as Result) ?? otherContent(what);
  } catch (error) {
    // The cell made an object of its own that happens to have a `kind` of ours.
    if (error instanceof TypeError) return otherContent(what);
    throw error;
  }
}

function resultContentOf(result: Result): Content | null {
  switch (result.kind) {
    case "run":
      return resultContent(result);
    case "experiment":
      return experimentContent(result);
    case "data":
      return dataContent(result);
    case "prediction":
      return predictionContent(result);
    case "preview":
      return previewContent(result);
    case "sweep":
      return sweepContent(result);
    case "choice of k":
      return choiceContent(result);
    case "reproduction":
      return reproductionContent(result);
    case "verification":
      return { text: verificationLine(result) };
    case "export":
      return { text: exportReport(result) };
    case "rerun":
      return { text: rerunReport(result) };
    case "collection":
      return { text: collectReport(result) };
    case "picture":
      return pictureContent(result);
    case "video":
      return videoContent(result);
    case "report":
      return reportContent(result);
    default:
      result satisfies never;
      return null;
  }
}

function isRow(element: unknown): element is Row {
  return typeof element === "object" && element !== null;
}
