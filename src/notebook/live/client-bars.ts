import { clusterColour } from "../../markup/palette.js";
import { type Box, frame, label, px, QUIET, shorten } from "./box.js";
import { type LiveClient, type LiveState, lastClients } from "./live-state.js";

const MAX_NAME = 14;

/** Each client's rows by cluster, as its last message counted them; clusters withheld are hollow. */
export function clientBars(state: LiveState, box: Box): string {
  const shown = lastClients(state);
  const all = shown.flatMap(({ clusters }) => clusters);
  const by = all.some(({ cluster }) => cluster < 0) ? "local cluster" : "cluster";
  const hollow = all.some(({ isWithheld }) => isWithheld) ? "; dashed: mean withheld" : "";
  const title = frame(box, `rows of each client, by ${by}${hollow}`);
  if (shown.length === 0) return title;
  const rest = (state.last?.locals ?? []).slice(shown.length);
  const names = shown.map(({ name }) => shorten(name, MAX_NAME));
  const left = box.x + 14 + 6.2 * Math.max(...names.map((name) => name.length));
  const step = Math.min(22, (box.height - 8) / (shown.length + (rest.length > 0 ? 1 : 0)));
  const widest = Math.max(...shown.map(rowsOf), 1);
  const scale = (box.x + box.width - left - 48) / widest;
  const bars = shown.map((client, i) => bar(client, left, box.y + 6 + i * step, step - 4, scale));
  const more =
    rest.length === 0
      ? ""
      : label(
          left,
          box.y + shown.length * step + step / 2 + 8,
          `and ${rest.length} more clients with ${rest.reduce((sum, { clusters }) => sum + clusters.beforeFilter.counts.reduce((a, b) => a + b, 0), 0)} rows`,
          `font-size="10" ${QUIET}`,
        );
  return [title, ...bars, more].join("\n");
}

function bar(client: LiveClient, x: number, y: number, height: number, scale: number): string {
  const clusters = [...client.clusters].sort((a, b) => a.cluster - b.cluster);
  let left = x;
  const parts = clusters.map(({ cluster, rows, isWithheld }) => {
    const width = rows * scale;
    const colour = clusterColour(cluster);
    const fill = isWithheld
      ? `fill="#fff" stroke="${colour}" stroke-dasharray="2 2"`
      : `fill="${colour}" stroke="#fff"`;
    const part = `<rect x="${px(left)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" ${fill}/>`;
    const number =
      width >= 16 && height >= 11 && cluster >= 0
        ? label(
            left + width / 2,
            y + height / 2 + 3.5,
            String(cluster),
            `font-size="10" text-anchor="middle" fill="${isWithheld ? colour : "#fff"}"`,
          )
        : "";
    left += width;
    return part + number;
  });
  const middle = y + height / 2 + 3.5;
  return [
    label(x - 6, middle, shorten(client.name, MAX_NAME), 'font-size="11" text-anchor="end"'),
    ...parts,
    label(left + 5, middle, String(rowsOf(client)), `font-size="10" ${QUIET}`),
  ].join("");
}

function rowsOf({ clusters }: LiveClient): number {
  return clusters.reduce((sum, { rows }) => sum + rows, 0);
}
