import type { LiveClient, LiveState } from "../live-state.js";
import { type Box, frame, label, px, QUIET, shorten } from "./box.js";
import { clusterColour } from "./palette.js";

/** More than this many clients are told of in words. */
const MAX_BARS = 10;
const NAME_WIDTH = 84;

/** Each client's rows by cluster, as its last message counted them; clusters withheld are hollow. */
export function clientBars({ clients }: LiveState, box: Box): string {
  const isStart = clients.some(({ clusters }) => clusters.some(({ cluster }) => cluster < 0));
  const title = frame(box, `rows of each client, by ${isStart ? "local cluster" : "cluster"}`);
  if (clients.length === 0) return title;
  const shown = clients.length > MAX_BARS ? clients.slice(0, MAX_BARS - 1) : clients;
  const step = Math.min(22, (box.height - 8) / (shown.length + (shown.length < clients.length ? 1 : 0)));
  const widest = Math.max(...shown.map(rowsOf), 1);
  const scale = (box.width - NAME_WIDTH - 48) / widest;
  const bars = shown.map((client, i) =>
    bar(client, box.x + NAME_WIDTH, box.y + 6 + i * step, step - 4, scale),
  );
  const rest = clients.slice(shown.length);
  const more =
    rest.length === 0
      ? ""
      : label(
          box.x + NAME_WIDTH,
          box.y + shown.length * step + step / 2 + 8,
          `and ${rest.length} more clients with ${rest.reduce((sum, client) => sum + rowsOf(client), 0)} rows`,
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
    label(x - 6, middle, shorten(client.name, 14), 'font-size="11" text-anchor="end"'),
    ...parts,
    label(left + 5, middle, String(rowsOf(client)), `font-size="10" ${QUIET}`),
  ].join("");
}

function rowsOf({ clusters }: LiveClient): number {
  return clusters.reduce((sum, { rows }) => sum + rows, 0);
}
