import type { Layer, Mark } from "../marks/marks.js";
import type { Filled } from "../means/free-corner.js";
import { axesMarks, axisTitles } from "../panels/panel-axes.js";
import { titleMarks } from "../panels/panel-title.js";
import { frameMarks } from "../panels/panels.js";
import { type Scale, scaleOf } from "../stage/scale.js";
import type { Stage } from "../stage/stage.js";
import { textWidth } from "../text/text-width.js";

/** The server's empty panel. */
export function serverLayer(stage: Stage): Layer {
  const { layout, serverPlot, serverScale, theme, experiment } = stage;
  const zoom = zoomOf(stage);
  const of = experiment.groups === null ? "means and counts" : "means and counts of groups";
  const sees = `sees ${experiment.noise === null ? of : "noisy sums and counts"}`;
  const said = zoom === null ? sees : `${sees}, zoomed × ${zoom.toPrecision(2)}`;
  const [title, note] = titleMarks(layout.server, "Server", [said], theme);
  const left = note.x - Math.min(textWidth(said, note.size), note.maxWidth ?? Infinity);
  return {
    key: "server",
    marks: [
      ...frameMarks({ rect: layout.server, plot: serverPlot }, theme),
      ...axesMarks(serverPlot, serverScale, theme),
      ...axisTitles([layout.server], stage.serverAxes, theme),
      title,
      note,
      ...(zoom === null ? [] : locatorMarks(stage, left - 8, layout.server.y + 6)),
    ],
    opacity: 1,
  };
}

const known = new WeakMap<Stage, Filled>();

/** The panel as it is filled with the means of all clients, and without a row. */
export function serverPanel(stage: Stage): Filled {
  let panel = known.get(stage);
  if (panel === undefined) {
    const { experiment, serverPlot: plot, serverScale: scale } = stage;
    const k = Math.max(...experiment.rounds.map((round) => round.k));
    panel = { plot, scale, points: null, clients: [...experiment.clients.keys()], k };
    known.set(stage, panel);
  }
  return panel;
}

/** Closer up than this the panel says that it shows a part. */
const LEAST_ZOOM = 1.25;
/** Height of the small picture of what part that is. */
const LOCATOR = 13;

/** How much longer a unit is here than it were if the panel held what the clients' panels hold; null where it does. */
function zoomOf({ domain, serverPlot, serverScale }: Stage): number | null {
  const whole = scaleOf(domain, serverPlot, null);
  const unit = (scale: Scale, axis: "x" | "y") => Math.abs(scale[axis](1) - scale[axis](0));
  const ratio = (axis: "x" | "y") => unit(serverScale, axis) / unit(whole, axis);
  const zoom = domain.height === undefined ? Math.sqrt(ratio("x") * ratio("y")) : ratio("x");
  return zoom < LEAST_ZOOM ? null : zoom;
}

/** The clients' axes, and in them the part that is shown. */
function locatorMarks(
  { domain, serverPlot: plot, serverScale, theme }: Stage,
  right: number,
  y: number,
): Mark[] {
  const whole = scaleOf(domain, plot, null);
  const height = LOCATOR;
  const width = (LOCATOR * plot.width) / plot.height;
  const x = right - width;
  const inX = (at: number) =>
    x + width * clamped((whole.x(valueAt(serverScale.x, at)) - plot.x) / plot.width);
  const inY = (at: number) =>
    y + height * clamped((whole.y(valueAt(serverScale.y, at)) - plot.y) / plot.height);
  const left = inX(plot.x);
  const [top, bottom] =
    domain.height === undefined ? [inY(plot.y), inY(plot.y + plot.height)] : [y, y + height];
  const part = { x: left, y: top, width: inX(plot.x + plot.width) - left, height: bottom - top };
  return [
    { kind: "rect", x, y, width, height, stroke: theme.pale, strokeWidth: 1 },
    { kind: "rect", ...part, fill: theme.muted },
  ];
}

/** The value that a linear scale takes to a place. */
function valueAt(scale: (value: number) => number, at: number): number {
  return (at - scale(0)) / (scale(1) - scale(0));
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share));
}
