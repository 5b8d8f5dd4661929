import { stacked } from "../../../experiment/plane.js";
import { ON_PAGE } from "../../../markup/palette.js";
import { scatterSvg } from "../../../markup/scatter.js";
import type { Matrix } from "../../../numerics/matrix.js";
import { type FigureBlock, say } from "../document.js";
import type { RunFacts } from "../facts.js";
import { colours, discsSaid, meansIn, planeFor, type Shown, shownOf } from "../map.js";
import { clientTitle } from "../words.js";

/** The most clients that have panels of their own. */
const MOST_PANELS = 12;
/** Of figures as wide as the page, in pixels. */
export const FIGURE_WIDTH = 900;

/** Points by cluster, a panel a client, with the final means. */
export function clusterMap(facts: RunFacts, showsRows: boolean): FigureBlock | null {
  const { last, summary } = facts;
  const shown = shownOf(facts, showsRows);
  const plane = planeFor(facts, shown);
  if (plane === null) return null;
  const means = meansIn(plane, last);
  const panelOf = (title: string, points: Matrix) => ({
    title,
    ...plane.place(points),
    colour: colours(points, last.means),
    means,
  });
  const isEach = shown.length > 1 && shown.length <= MOST_PANELS;
  const all = stacked(
    shown.map(({ points }) => points),
    last.means.nColumns,
  );
  const panels = isEach
    ? shown.map(({ client, points }) => panelOf(clientTitle(client), points))
    : [panelOf("", all)];
  const what = wordsOf(shown);
  const alt =
    shown.length === 0
      ? `Map of the ${last.means.nRows} global means on ${plane.said}.`
      : `Map of ${what} by cluster on ${plane.said}` +
        `${isEach ? `, a panel for each of ${shown.length} clients` : ""}, with the ${last.means.nRows} global means.`;
  const svg = scatterSvg({
    panels,
    xName: plane.names[0],
    yName: plane.names[1],
    categories:
      shown.length === 0 ? null : Array.from({ length: last.means.nRows }, (_, cluster) => String(cluster)),
    colourName: "cluster",
    width: FIGURE_WIDTH,
    ink: ON_PAGE,
    isEqual: plane.of !== "features",
    hasContext: isEach,
    title: "",
    description: alt,
  });
  const why =
    shown.length === 0
      ? summary.deployment === null
        ? "No rows are shown."
        : "Rows stayed with the clients, and none are shown."
      : what === "rows"
        ? summary.isOurs
          ? "Rows can be shown as this is a simulation on one machine."
          : "The directory holds these rows."
        : "Each dot is the mean of a group of rows, which is what was clustered.";
  const caption = say`${shown.length === 0 ? "The global means" : isEach ? `Each client's ${what} by cluster, and the global means,` : `All ${what} by cluster, and the global means,`} on ${plane.said}. ${why}${discsSaid([last])}`;
  return { type: "figure", svgs: [svg], alt, caption };
}

/** What the dots of a picture are. */
export function wordsOf(shown: readonly Shown[]): string {
  if (shown.length === 0) return "nothing but the means";
  return shown.every(({ what }) => what === "rows") ? "rows" : "groups of rows";
}
