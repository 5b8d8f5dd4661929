import { inspect } from "node:util";
import { shownJson } from "../../directory/json-object.js";
import type { Verification } from "../../directory/verify.js";
import { UsageError } from "../../errors.js";
import type { Collected } from "../../experiment/collect/collect.js";
import type { RunDiff } from "../../experiment/diff/diff.js";
import type { Exported } from "../../experiment/export/export-directory.js";
import type { Experiment } from "../../experiment/open.js";
import type { RunPlan } from "../../experiment/plan.js";
import type { Prediction } from "../../experiment/predict.js";
import type { Preview } from "../../experiment/preview.js";
import type { Rerun } from "../../experiment/rerun/rerun.js";
import type { RunResult } from "../../experiment/result.js";
import { collectReport } from "../../report/collect-report.js";
import { exportReport } from "../../report/export-report.js";
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
  diffContent,
  experimentContent,
  planContent,
  predictionContent,
  previewContent,
  reproductionContent,
  rerunContent,
  resultContent,
  sweepContent,
} from "./contents.js";
import { foreignContent, ownContent, showingNothing } from "./foreign.js";
import { type Content, currentFrontend } from "./frontend.js";
import { htmlContent, isSvg, pictureContent, svgContent, videoContent } from "./media.js";
import { reportContent } from "./report-link.js";
import { tableContent } from "./table-content.js";

/** The results for which `display` has a form of its own; their `kind` tells them apart. */
type Result =
  | RunResult
  | Experiment
  | FederatedData
  | Prediction
  | Preview
  | RunPlan
  | SweepResult
  | KChoice
  | Reproduction
  | Verification
  | Exported
  | Collected
  | Rerun
  | RunDiff
  | Picture
  | VectorPicture
  | Video
  | Report;

/** Options of `display`. */
export interface DisplayOptions {
  /** Stands above a table. */
  caption?: string;
  /** Rows of a table shown at most; default 20. Of more than 5,000 a page is given 5,000. */
  maxRows?: number;
}

/**
 * Shows something below the cell: a run's result, data that was loaded, a plan, a preview, an experiment that was opened, a prediction, a
 * study (a sweep, a choice of k, the reproduction), a directory's verification, export or collection, a table (an array of plain objects), a
 * frame, a video, SVG or HTML. So are a plot of Observable Plot, a table of Arquero or nodejs-polars, and whatever has a
 * method `Symbol.for("Jupyter.display")`, `outerHTML` or `toHTML`. Any other object is shown as text, and in a terminal
 * everything is.
 *
 * @throws UsageError for a wrong option
 * @example await fk.display(result);
 */
export function display(what: unknown, options: DisplayOptions = {}): Promise<void> {
  // Where this is a cell's last line, without await, the kernel would show a promise below what is displayed.
  return showingNothing(show(what, options));
}

async function show(what: unknown, options: DisplayOptions): Promise<void> {
  const output = currentFrontend().newOutput();
  await output.show(await formOf(what, options));
  output.end();
}

/** The form in which `display` shows something, with what the thing itself says of that. */
async function formOf(what: unknown, options: DisplayOptions): Promise<Content> {
  return richContent(what, checkOptions(options)) ?? (await ownContent(what)) ?? otherContent(what);
}

/** Chooses the form in which `display` shows something. */
export function contentOf(what: unknown, options: DisplayOptions = {}): Content {
  return richContent(what, checkOptions(options)) ?? otherContent(what);
}

/** The form of what is more than its text; null for anything else. */
export function richContent(
  what: unknown,
  look: Required<DisplayOptions> = checkOptions({}),
): Content | null {
  if (typeof what === "string") return textContent(what);
  if (typeof what !== "object" || what === null) return null;
  if (Array.isArray(what)) return what.every(isRow) ? tableContent(what, look) : null;
  if ("kind" in what) {
    try {
      const content = resultContentOf(what as Result);
      if (content !== null) return content;
    } catch (error) {
      // The cell made an object of its own that happens to have a `kind` of ours.
      if (!(error instanceof TypeError)) throw error;
    }
  } else if ("svg" in what && typeof what.svg === "string") return textContent(what.svg);
  return foreignContent(what, look);
}

/** @throws UsageError naming the option, what was expected and what was found */
function checkOptions(options: DisplayOptions): Required<DisplayOptions> {
  if (typeof options !== "object" || options === null)
    throw new UsageError(`options of display expected, as { maxRows: 50 }, found ${shownJson(options)}`);
  const { caption = "", maxRows = 20 } = options;
  if (typeof caption !== "string")
    throw new UsageError(`caption must be a text, found ${shownJson(caption)}`);
  if (maxRows !== Number.POSITIVE_INFINITY && !(Number.isInteger(maxRows) && maxRows >= 1)) {
    throw new UsageError(`maxRows must be a whole number of at least 1, found ${shownJson(maxRows)}`);
  }
  return { caption, maxRows };
}

/** Shows SVG as a picture and HTML as a page; other text is shown as it is. */
function textContent(text: string): Content {
  if (isSvg(text)) return svgContent(text);
  return text.trimStart().startsWith("<") ? htmlContent(text) : { text };
}

function otherContent(what: unknown): Content {
  return { text: inspect(what, { depth: 4, colors: false }) };
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
    case "plan":
      return planContent(result);
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
    case "diff":
      return diffContent(result);
    case "rerun":
      return rerunContent(result);
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
