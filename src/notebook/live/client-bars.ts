import { colourOf, ON_PAPER, textOn } from "../../markup/palette.js";
import { type Box, rect, text } from "../../markup/svg.js";
import { roughWidth, shortened } from "../../markup/text-width.js";
import { areByNearest, type LiveClient, type LiveState, lastClients } from "./live-state.js";
import { ASIDE, titledBox } from "./titled-box.js";

const NAME_SIZE = 11;
/** Of a name, in pixels. */
const MOST_NAME = 130;
/** Of a cluster's number: as large as its bar lets it be, as small as it can be read. */
const NUMBER = { most: 10, least: 8 } as const;

/**
 * Each client's rows by cluster, as its last message counted them: of whole groups where such stand for rows. Clusters
 * withheld are hollow.
 */
export function clientBars(state: LiveState, box: Box): string {
  const shown = lastClients(state);
  const all = shown.flatMap(({ clusters }) => clusters);
  const by = areByNearest(state) ? "nearest mean" : "cluster";
  const hollow = all.some(({ isWithheld }) => isWithheld) ? "; dashed: withheld" : "";
  const what = state.nGroups === null ? "rows" : "rows of groups";
  const title = titledBox(box, `${what} of each client, by ${by}${hollow}`);
  if (shown.length === 0) return title;
  const rest = (state.last?.locals ?? []).slice(shown.length);
  const names = shown.map(({ name }) => shorten(name));
  const left = box.x + 14 + Math.max(...names.map((name) => roughWidth(name, NAME_SIZE)));
  const step = Math.min(22, (box.height - 8) / (shown.length + (rest.length > 0 ? 1 : 0)));
  const widest = Math.max(...shown.map(rowsOf), 1);
  const scale = (box.x + box.width - left - 48) / widest;
  const bars = shown.map((client, i) =>
    bar(client, { x: left, y: box.y + 6 + i * step, width: scale, height: step - 4 }),
  );
  if (rest.length === 0) return [title, ...bars].join("\n");
  const restRows = rest.flatMap(({ clusters }) => [...clusters.beforeFilter.counts]);
  const more = `and ${rest.length} more clients with ${restRows.reduce((sum, rows) => sum + rows, 0)} rows`;
  const y = box.y + shown.length * step + step / 2 + 8;
  return [title, ...bars, text(left, y, more, ASIDE)].join("\n");
}

/** @param unit where the bar begins, its height, and the width of one row */
function bar(client: LiveClient, unit: Box): string {
  const { x, y, height } = unit;
  const clusters = [...client.clusters].sort((a, b) => a.cluster - b.cluster);
  const middle = y + height / 2 + 3.5;
  let left = x;
  const parts = clusters.map(({ cluster, rows, isWithheld }) => {
    const width = rows * unit.width;
    const colour = colourOf(cluster);
    const style = isWithheld
      ? { fill: "#fff", stroke: colour, "stroke-dasharray": "2 2" }
      : { fill: colour, stroke: "#fff" };
    const fill = isWithheld ? ON_PAPER.text : textOn(cluster);
    const label = String(cluster);
    const size = Math.min(NUMBER.most, ((width - 2) / roughWidth(label, NUMBER.most)) * NUMBER.most);
    const number = { "font-size": size, "text-anchor": "middle", fill };
    const hasRoom = size >= NUMBER.least && height >= 11 && cluster >= 0;
    const part =
      rect({ x: left, y, width, height }, style) +
      (hasRoom ? text(left + width / 2, middle, label, number) : "");
    left += width;
    return part;
  });
  return [
    text(x - 6, middle, shorten(client.name), { "font-size": NAME_SIZE, "text-anchor": "end" }),
    ...parts,
    text(left + 5, middle, String(rowsOf(client)), ASIDE),
  ].join("");
}

/** A name cut to what fits before its bar. */
function shorten(name: string): string {
  return shortened(name, NAME_SIZE, MOST_NAME);
}

function rowsOf({ clusters }: LiveClient): number {
  return clusters.reduce((sum, { rows }) => sum + rows, 0);
}
