import { escapeMarkup } from "../../markup/html.js";
import { colourOf } from "../../markup/palette.js";
import { element, rect, svgDocument } from "../../markup/svg.js";
import { clientBars } from "./client-bars.js";
import { type LiveState, progressLine } from "./live-state.js";
import { meansMap } from "./means-map.js";
import { sparkline } from "./sparkline.js";

const WIDTH = 760;
const HEIGHT = 330;
const FAILURE = "#b00020";

/** Draws a run as far as it has gone: the progress line, global means, convergence, rows by client. */
export function livePicture(state: LiveState): string {
  const parts = [
    headline(state),
    progressBar(state),
    meansMap(state, { x: 10, y: 64, width: 330, height: 256 }),
    sparkline(state, { x: 366, y: 64, width: 384, height: 92 }),
    clientBars(state, { x: 366, y: 188, width: 384, height: 132 }),
  ];
  return svgDocument([WIDTH, HEIGHT], parts, { "font-size": 12 });
}

/** The progress line, with its first part in bold. */
function headline(state: LiveState): string {
  const [first, ...rest] = progressLine(state).split(" · ");
  const colour = state.phase === "failed" ? { fill: FAILURE } : {};
  const heading = { "font-size": 13.5, "font-weight": 600, ...colour };
  const parts = [
    element("tspan", heading, escapeMarkup(first)),
    ...(rest.length === 0
      ? []
      : [element("tspan", { "font-size": 11.5, dx: 8 }, escapeMarkup(rest.join(" · ")))]),
  ];
  return element("text", { x: 10, y: 22 }, parts.join(""));
}

function progressBar({ phase, rounds, settings }: LiveState): string {
  const share = phase === "done" ? 1 : (rounds.at(-1)?.round ?? 0) / Math.max(settings.maxIterations, 1);
  const track = { x: 10, y: 33, width: WIDTH - 20, height: 4 };
  return (
    rect(track, { rx: 2, fill: "#e6e6e6" }) +
    rect(
      { ...track, width: track.width * Math.min(share, 1) },
      { rx: 2, fill: phase === "failed" ? FAILURE : colourOf(0) },
    )
  );
}
