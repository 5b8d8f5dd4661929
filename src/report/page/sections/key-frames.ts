import type { LoggedRound } from "../../../directory/read-experiment.js";
import { stacked } from "../../../experiment/plane.js";
import { ON_PAGE } from "../../../markup/palette.js";
import { scatterSvg } from "../../../markup/scatter.js";
import { type Section, say } from "../document.js";
import type { RunFacts } from "../facts.js";
import { colours, discsSaid, meansIn, planeFor, sentIn, shownOf } from "../map.js";
import { FIGURE_WIDTH, wordsOf } from "./cluster-map.js";

/** How the clusters came about: the start, the first round, one halfway and the last, side by side. */
export function keyFrames(facts: RunFacts, showsRows: boolean): Section | null {
  const chosen = keyRounds(facts.rounds);
  const shown = shownOf(facts, showsRows);
  const plane = planeFor(facts, shown);
  if (plane === null || chosen.length < 2) return null;
  const all =
    shown.length === 0
      ? null
      : stacked(
          shown.map(({ points }) => points),
          facts.last.means.nColumns,
        );
  let nSent = 0;
  const panels = chosen.map((round) => {
    const { means } = round;
    const sent = all === null ? sentIn(facts, round) : null;
    nSent += sent?.nRows ?? 0;
    const points = all ?? sent ?? { data: new Float64Array(0), nRows: 0, nColumns: means.nColumns };
    return {
      title: round.round === 0 ? "start" : `round ${round.round}`,
      ...plane.place(points),
      colour: colours(points, means),
      means: meansIn(plane, round),
    };
  });
  const what = all !== null ? wordsOf(shown) : nSent > 0 ? "means that clients sent" : null;
  const names = chosen.map(({ round }) => (round === 0 ? "the start" : `round ${round}`));
  const alt = `Global means${what === null ? "" : ` and ${what}`} at ${names.join(", ")}, on ${plane.said}.`;
  const svg = scatterSvg({
    panels,
    xName: plane.names[0],
    yName: plane.names[1],
    categories:
      all === null && nSent === 0
        ? null
        : Array.from({ length: facts.last.means.nRows }, (_, c) => String(c)),
    colourName: "nearest mean",
    columns: chosen.length,
    width: FIGURE_WIDTH,
    ink: ON_PAGE,
    isEqual: plane.of !== "features",
    title: "",
    description: alt,
  });
  const caption = say`The global means on their way${what === null ? "" : `, and ${what} in the colour of the nearest of them`}, on ${plane.said}.${discsSaid(chosen)}`;
  return {
    id: "key-frames",
    title: "How they were found",
    blocks: [
      { type: "figure", svgs: [svg], alt, caption },
      {
        type: "small",
        text: say`The whole way, as a video or a page that plays: ${{ code: `visualize --experiment-dir ${facts.name}` }}`,
      },
    ],
  };
}

/** The start, the first, one halfway and the last; of few rounds all. */
function keyRounds(rounds: readonly LoggedRound[]): LoggedRound[] {
  const last = rounds.length - 1;
  const chosen = new Set([0, Math.min(1, last), Math.round(last / 2), last]);
  return [...chosen].sort((a, b) => a - b).map((i) => rounds[i]);
}
