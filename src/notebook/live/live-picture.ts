import { shownMarkup } from "../../markup/html.js";
import { colourOf } from "../../markup/palette.js";
import { element, rect, svgDocument, text } from "../../markup/svg.js";
import { roughWidth, wrapped } from "../../markup/text-width.js";
import { clientBars } from "./client-bars.js";
import { clusterBars } from "./cluster-bars.js";
import { type LiveState, progressLine } from "./live-state.js";
import { meansMap } from "./means-map.js";
import { sparkline } from "./sparkline.js";

const WIDTH = 760;
/** From the last line of the headline down. */
const PANELS = 308;
const FAILURE = "#b00020";

/** Draws a run as far as it has gone: the progress line, global means, convergence, rows by client or cluster. */
export function livePicture(state: LiveState): string {
  const head = headline(state);
  const top = head.height;
  // A run that failed before its first round has nothing to show.
  const isEmpty = state.phase === "failed" && state.rounds.length === 0;
  const bars = { x: 366, y: top + 166, width: 384, height: 132 };
  const panels = () => [
    meansMap(state, { x: 10, y: top + 42, width: 330, height: 256 }),
    sparkline(state, { x: 366, y: top + 42, width: 384, height: 92 }),
    // Of clients whose answers have noise, only what they come to together says anything.
    (state.privately === null ? clientBars : clusterBars)(state, bars),
  ];
  const parts = [...head.parts, progressBar(state, top + 11), ...(isEmpty ? [] : panels())];
  return svgDocument([WIDTH, top + (isEmpty ? 24 : PANELS)], parts, { "font-size": 12 });
}

/** Lines of a headline at most, of which each is as high. */
const MOST_LINES = 8;
const HEAD_LINE = 18;
const HEAD_SIZE = 13.5;

/** The progress line, with its first part in bold; what does not fit on one line goes on below. */
function headline(state: LiveState): { readonly parts: string[]; readonly height: number } {
  const [first, ...rest] = progressLine(state).split(" · ");
  const colour = state.phase === "failed" ? { fill: FAILURE } : {};
  // Bold letters are wider than others.
  const lines = wrapped(first, HEAD_SIZE * 1.06, WIDTH - 20, MOST_LINES);
  const aside = rest.join(" · ");
  const used = roughWidth(lines[lines.length - 1], HEAD_SIZE * 1.06) + 8;
  const asideSize = 11.5;
  const isBeside = 10 + used + roughWidth(aside, asideSize) <= WIDTH - 10;
  const below = aside === "" || isBeside ? [] : wrapped(aside, asideSize, WIDTH - 20, 2);
  const baseline = (line: number) => 22 + line * HEAD_LINE;
  const bold = { "font-size": HEAD_SIZE, "font-weight": 600, ...colour };
  const last = lines.length - 1;
  const parts = [
    ...lines.slice(0, -1).map((words, i) => text(10, baseline(i), words, bold)),
    element(
      "text",
      { x: 10, y: baseline(last) },
      element("tspan", bold, shownMarkup(lines[last])) +
        (aside === "" || !isBeside
          ? ""
          : element("tspan", { "font-size": asideSize, dx: 8 }, shownMarkup(aside))),
    ),
    ...below.map((words, i) => text(10, baseline(lines.length + i), words, { "font-size": asideSize })),
  ];
  return { parts, height: baseline(last + below.length) };
}

/** @param y of its upper edge */
function progressBar({ phase, rounds, maxIterations }: LiveState, y: number): string {
  const share = phase === "done" ? 1 : (rounds.at(-1)?.round ?? 0) / Math.max(maxIterations, 1);
  const track = { x: 10, y, width: WIDTH - 20, height: 4 };
  return (
    rect(track, { rx: 2, fill: "#e6e6e6" }) +
    rect(
      { ...track, width: track.width * Math.min(share, 1) },
      { rx: 2, fill: phase === "failed" ? FAILURE : colourOf(0) },
    )
  );
}
