import { markerPath, tenth } from "../../markup/marker-path.js";
import { colourOf, ON_PAPER, textOn } from "../../markup/palette.js";
import { type Box, circle, element, type Point, polyline, text } from "../../markup/svg.js";
import { shortened } from "../../markup/text-width.js";
import { type LiveState, lastLocals, type Place } from "./live-state.js";
import { ASIDE, titledBox } from "./titled-box.js";

/** The global means, where they came from, and the local means of the last round around them. */
export function meansMap(state: LiveState, box: Box): string {
  const last = state.rounds.at(-1);
  if (last === undefined) return titledBox(box, "global means");
  const ways = last.means.map((_, c) =>
    state.rounds.flatMap(({ means }) => (c < means.length ? [means[c]] : [])),
  );
  const near = state.rows === null ? lastLocals(state) : [];
  const rows = state.rows?.places ?? [];
  const halos = halosOf(state);
  const edges = halos.flatMap(({ at: [x, y], error }): Point[] => [
    [x - error, y - error],
    [x + error, y + error],
  ]);
  const all = [...ways.flat(), ...edges, ...near.map(({ at }) => at), ...rows.map(({ at }) => at)];
  const place = fit(all, box);
  const total = last.sizes?.reduce((sum, size) => sum + size, 0) ?? 0;
  const locals = near.map(({ at, cluster }) =>
    element("path", {
      d: markerPath(cluster, ...place(at), 2.5),
      fill: colourOf(cluster),
      "fill-opacity": 0.55,
    }),
  );
  const dots = rowMarks(rows, place);
  const trails = ways.map((way, c) => trail(way.map(place), c));
  const means = last.means.map((mean, c) => {
    const share = total > 0 && last.sizes !== null ? last.sizes[c] / total : 0;
    // A mean with a disc around it must not cover it.
    const r = last.standardErrors === null ? 7 + 9 * Math.sqrt(share) : 7;
    return marker(place(mean), c, r, last.sizes?.[c] === 0);
  });
  const axes = axisNames(state);
  return [
    titledBox(box, titleOf(state)),
    dots,
    text(box.x + box.width - 6, box.y + box.height - 7, shortened(axes[0], 10, box.width - 12), {
      ...ASIDE,
      "text-anchor": "end",
    }),
    text(box.x + 6, box.y + 14, shortened(axes[1], 10, box.width - 12), ASIDE),
    ...halos.map((halo) => haloMark(halo, place)),
    ...trails,
    ...locals,
    ...means,
  ].join("\n");
}

/** Where noise may have put a mean: a disc of its standard error. */
interface Halo extends Place {
  readonly error: number;
}

/** Of each mean whose error is known, and finite. */
function halosOf({ rounds }: LiveState): Halo[] {
  const { means, standardErrors } = rounds[rounds.length - 1];
  const errors = standardErrors ?? [];
  return means.flatMap((at, cluster) =>
    Number.isFinite(errors[cluster]) ? [{ at, cluster, error: errors[cluster] }] : [],
  );
}

function haloMark({ at: [x, y], cluster, error }: Halo, place: (point: Point) => Point): string {
  const [middle, edge] = [place([x, y]), place([x + error, y])];
  const colour = colourOf(cluster);
  return circle(middle, edge[0] - middle[0], { fill: colour, "fill-opacity": 0.15, stroke: colour });
}

function titleOf({ rows, last, privately }: LiveState): string {
  if (privately !== null && last?.standardErrors !== undefined && rows === null) {
    return "global means; discs: standard errors by noise";
  }
  if (rows === null)
    return (last?.locals.length ?? 0) > 0 ? "global means, and those of clients" : "global means";
  const { of, total, places } = rows;
  const count =
    places.length < total
      ? `${places.length.toLocaleString("en")} of ${total.toLocaleString("en")}`
      : total.toLocaleString("en");
  const discs = last?.standardErrors === undefined ? "" : "; discs: standard errors by noise";
  return `global means over ${count} ${of}${discs}`;
}

/** A path a cluster: what lies below is to be seen at a glance, not point by point. */
function rowMarks(rows: readonly Place[], place: (point: Point) => Point): string {
  const paths = new Map<number, string>();
  for (const { at, cluster } of rows) {
    const [x, y] = place(at);
    paths.set(cluster, `${paths.get(cluster) ?? ""}M${tenth(x)} ${tenth(y)}h0`);
  }
  const look = { "stroke-width": 3, "stroke-linecap": "round", "stroke-opacity": 0.35, fill: "none" };
  return [...paths]
    .sort(([a], [b]) => a - b)
    .map(([cluster, d]) => element("path", { d, stroke: colourOf(cluster), ...look }))
    .join("\n");
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

/** A map from points to pixels that has one scale for both axes, keeps every point inside and lets y point upwards. */
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
  const stroke = colourOf(cluster);
  return (
    polyline(way, { stroke, "stroke-opacity": 0.6, "stroke-width": 1.5 }) +
    circle(way[0], 2, { fill: "#fff", stroke })
  );
}

/** A mean with its cluster's colour and number; hollow where nobody reported the cluster. */
function marker([x, y]: Point, cluster: number, r: number, isEmpty: boolean): string {
  const colour = colourOf(cluster);
  const [fill, stroke, ink] = isEmpty ? ["#fff", colour, ON_PAPER.text] : [colour, "#fff", textOn(cluster)];
  const number = { "font-size": 11, "font-weight": 600, "text-anchor": "middle", fill: ink };
  return circle([x, y], r, { fill, stroke, "stroke-width": 1.5 }) + text(x, y + 4, String(cluster), number);
}
