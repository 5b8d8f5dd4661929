import { clusterColour } from "../../markup/palette.js";
import { type Box, frame, label, px, QUIET } from "./box.js";
import { type LiveState, lastLocals, type Point } from "./live-state.js";

/** The global means, where they came from, and the local means of the last round around them. */
export function meansMap(state: LiveState, box: Box): string {
  const last = state.rounds.at(-1);
  if (last === undefined) return frame(box, "global means");
  const ways = last.means.map((_, c) =>
    state.rounds.flatMap(({ means }) => (c < means.length ? [means[c]] : [])),
  );
  const near = lastLocals(state);
  const place = fit([...ways.flat(), ...near.map(({ at }) => at)], box);
  const total = last.sizes?.reduce((sum, size) => sum + size, 0) ?? 0;
  const locals = near.map(({ at, cluster }) => dot(place(at), 2.5, clusterColour(cluster), 0.45));
  const trails = ways.map((way, c) => trail(way.map(place), c));
  const means = last.means.map((mean, c) => {
    const share = total > 0 && last.sizes !== null ? last.sizes[c] / total : 0;
    return marker(place(mean), c, 7 + 9 * Math.sqrt(share), last.sizes?.[c] === 0);
  });
  const axes = axisNames(state);
  return [
    frame(box, "global means"),
    label(
      box.x + box.width - 6,
      box.y + box.height - 7,
      axes[0],
      `font-size="10" text-anchor="end" ${QUIET}`,
    ),
    label(box.x + 6, box.y + 14, axes[1], `font-size="10" ${QUIET}`),
    ...trails,
    ...locals,
    ...means,
  ].join("\n");
}

function axisNames({ explained, featureNames, nFeatures }: LiveState): [string, string] {
  if (explained !== null) {
    const name = (i: number) =>
      i < explained.length ? `component ${i + 1} (${(100 * explained[i]).toFixed(0)} %)` : "";
    return [`${name(0)} →`, name(1) === "" ? "" : `↑ ${name(1)}`];
  }
  const name = (i: number) => featureNames?.[i] ?? `x${i}`;
  return [`${name(0)} →`, nFeatures === 1 ? "" : `↑ ${name(1)}`];
}

/** A map from points to pixels: one scale for both axes, everything inside, y upwards. */
function fit(all: readonly Point[], box: Box): (point: Point) => Point {
  const range = (axis: 0 | 1) => {
    let low = Infinity;
    let high = -Infinity;
    for (const point of all) {
      low = Math.min(low, point[axis]);
      high = Math.max(high, point[axis]);
    }
    return { middle: (low + high) / 2, extent: high - low };
  };
  const [x, y] = [range(0), range(1)];
  const margin = 26;
  const scale = Math.min(
    (box.width - 2 * margin) / (x.extent || 1),
    (box.height - 2 * margin) / (y.extent || x.extent || 1),
  );
  return (point) => [
    box.x + box.width / 2 + (point[0] - x.middle) * scale,
    box.y + box.height / 2 - (point[1] - y.middle) * scale,
  ];
}

function trail(way: readonly Point[], cluster: number): string {
  const line = way.map((point) => point.map(px).join(",")).join(" ");
  const [start] = way;
  return (
    `<polyline points="${line}" fill="none" stroke="${clusterColour(cluster)}" stroke-opacity=".6" stroke-width="1.5"/>` +
    `<circle cx="${px(start[0])}" cy="${px(start[1])}" r="2" fill="#fff" stroke="${clusterColour(cluster)}"/>`
  );
}

function dot([x, y]: Point, r: number, colour: string, opacity: number): string {
  return `<circle cx="${px(x)}" cy="${px(y)}" r="${r}" fill="${colour}" fill-opacity="${opacity}"/>`;
}

/** Colour and number; hollow where nobody reported the cluster. */
function marker([x, y]: Point, cluster: number, r: number, isEmpty: boolean): string {
  const colour = clusterColour(cluster);
  const text = `font-size="11" font-weight="600" text-anchor="middle" fill="${isEmpty ? colour : "#fff"}"`;
  return (
    `<circle cx="${px(x)}" cy="${px(y)}" r="${px(r)}" fill="${isEmpty ? "#fff" : colour}" stroke="${isEmpty ? colour : "#fff"}" stroke-width="1.5"/>` +
    label(x, y + 4, String(cluster), text)
  );
}
