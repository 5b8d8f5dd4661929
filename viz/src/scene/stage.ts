import { assignRows } from "../read/assignment.js";
import type { Experiment } from "../read/experiment.js";
import { type Layout, layoutOf, MAX_PANELS, plotArea, type Rect } from "./layout.js";
import { aspectOf, type Domain, domainOf, type Scale, scaleOf } from "./scale.js";
import { THEMES, type Theme, type ThemeName } from "./theme.js";

/** How pictures of an experiment are to look. */
export interface RenderOptions {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly theme: ThemeName;
}

/** One panel of the local and global views: a client, or the clients there is no panel for. */
export interface Panel {
  readonly rect: Rect;
  readonly plot: Rect;
  readonly scale: Scale;
  readonly title: string;
  /** Indices into `Experiment.clients`. */
  readonly clients: readonly number[];
  /** null where the directory does not say. */
  readonly nSamples: number | null;
  /** Rows in picture coordinates, client by client; null where they stayed with the clients. */
  readonly rows: Float32Array | null;
}

/** What all pictures of an experiment share. */
export interface Stage {
  readonly experiment: Experiment;
  readonly theme: Theme;
  readonly layout: Layout;
  readonly panels: readonly Panel[];
  /** The panel of each client. */
  readonly panelOf: readonly Panel[];
  readonly serverPlot: Rect;
  readonly serverScale: Scale;
  /** Cluster of each row of a panel under the means of a round. */
  labels(panel: Panel, roundIndex: number): Uint16Array;
}

/** Sets the stage: axes, panels and rows in picture coordinates. */
export function stageOf(experiment: Experiment, { width, height, theme }: RenderOptions): Stage {
  const groups = groupClients(experiment);
  const domain = domainOf(experiment);
  const layout = layoutOf(width, height, groups.length, aspectOf(domain));
  const panels = groups.map((group, i) => panelOf(experiment, group, layout.panels[i], domain));
  const serverPlot = plotArea(layout.server);
  return {
    experiment,
    theme: THEMES[theme],
    layout,
    panels,
    panelOf: experiment.clients.map((_, client) => panels.find((panel) => panel.clients.includes(client))!),
    serverPlot,
    serverScale: scaleOf(domain, serverPlot),
    labels: labeller(experiment),
  };
}

/** The largest clients have a panel each, in client order; the others share the last one. */
function groupClients({ clients }: Experiment): number[][] {
  const all = [...clients.keys()];
  if (clients.length <= MAX_PANELS) return all.map((client) => [client]);
  const bySize = all.toSorted((a, b) => (clients[b].nSamples ?? 0) - (clients[a].nSamples ?? 0) || a - b);
  const own = new Set(bySize.slice(0, MAX_PANELS - 1));
  return [...all.filter((c) => own.has(c)).map((c) => [c]), all.filter((c) => !own.has(c))];
}

function panelOf({ clients }: Experiment, group: readonly number[], rect: Rect, domain: Domain): Panel {
  const plot = plotArea(rect);
  const scale = scaleOf(domain, plot);
  const members = group.map((client) => clients[client]);
  const known = members.flatMap(({ rows }) => rows ?? []);
  const rows = new Float32Array(2 * known.reduce((sum, { nRows }) => sum + nRows, 0));
  let at = 0;
  for (const { positions } of known) {
    for (let i = 0; i < positions.length; i += 2) {
      rows[at++] = scale.x(positions[i]);
      rows[at++] = scale.y(positions[i + 1]);
    }
  }
  const sizes = members.map(({ nSamples }) => nSamples);
  return {
    rect,
    plot,
    scale,
    title: members.length === 1 ? members[0].name : `${members.length} other clients`,
    clients: group,
    nSamples: sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    rows: known.length > 0 ? rows : null,
  };
}

/** Assignments are kept for the two rounds that neighbouring frames need. */
function labeller({ clients, rounds, nFeatures }: Experiment): Stage["labels"] {
  const known = new Map<number, Map<Panel, Uint16Array>>();
  return (panel, roundIndex) => {
    let round = known.get(roundIndex);
    if (round === undefined) {
      if (known.size === 2) known.delete(known.keys().next().value!);
      round = new Map();
      known.set(roundIndex, round);
    }
    let labels = round.get(panel);
    if (labels === undefined) {
      labels = new Uint16Array((panel.rows?.length ?? 0) / 2);
      let at = 0;
      for (const client of panel.clients) {
        const { rows } = clients[client];
        if (rows === null) continue;
        labels.set(assignRows(rows.features, nFeatures, rounds[roundIndex].means), at);
        at += rows.nRows;
      }
      round.set(panel, labels);
    }
    return labels;
  };
}
