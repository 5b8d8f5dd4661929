import { escapeMarkup } from "../../markup/html.js";
import { px } from "./box.js";
import { clientBars } from "./client-bars.js";
import { type LiveState, progressLine } from "./live-state.js";
import { meansMap } from "./means-map.js";
import { sparkline } from "./sparkline.js";

const WIDTH = 760;
const HEIGHT = 330;

/** Draws a run as far as it has gone: the progress line, global means, convergence, rows by client. */
export function livePicture(state: LiveState): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" ` +
      'font-family="system-ui, sans-serif" font-size="12" fill="#222" role="img">',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    headline(state),
    progressBar(state),
    meansMap(state, { x: 10, y: 64, width: 330, height: 256 }),
    sparkline(state, { x: 366, y: 64, width: 384, height: 92 }),
    clientBars(state, { x: 366, y: 188, width: 384, height: 132 }),
    "</svg>",
  ].join("\n");
}

/** The progress line: what it begins with is what it is about. */
function headline(state: LiveState): string {
  const [first, ...rest] = progressLine(state).split(" · ");
  const colour = state.phase === "failed" ? ' fill="#b00020"' : "";
  const more =
    rest.length === 0 ? "" : `<tspan font-size="11.5" dx="8">${escapeMarkup(rest.join(" · "))}</tspan>`;
  return `<text x="10" y="22"><tspan font-size="13.5" font-weight="600"${colour}>${escapeMarkup(first)}</tspan>${more}</text>`;
}

function progressBar({ phase, rounds, settings }: LiveState): string {
  const share = phase === "done" ? 1 : (rounds.at(-1)?.round ?? 0) / Math.max(settings.maxIterations, 1);
  const colour = phase === "failed" ? "#b00020" : "#0072b2";
  return (
    `<rect x="10" y="33" width="${WIDTH - 20}" height="4" rx="2" fill="#e6e6e6"/>` +
    `<rect x="10" y="33" width="${px((WIDTH - 20) * Math.min(share, 1))}" height="4" rx="2" fill="${colour}"/>`
  );
}
