import type { Experiment, OriginalAxes } from "../../read/experiment.js";
import { type LabelsOf, labeller } from "../../read/labels.js";
import { THEMES, type Theme, type ThemeName } from "../marks/theme.js";
import { clientTitle, othersTitle } from "../text/names.js";
import { fullestOf } from "./fullest.js";
import { headerLines } from "./header-lines.js";
import { binsOf, type Stacks, stackUp } from "./histogram.js";
import {
  type Contents,
  clientPlot,
  type Layout,
  layoutOf,
  MAX_PANELS,
  plotArea,
  type Rect,
  unitsOf,
} from "./layout.js";
import { type GroupSizes, groupSizes } from "./point-size.js";
import { type AxisScale, aspectOf, type Domain, domainOf, onLine, type Scale, scaleOf } from "./scale.js";
import { localRowRadius, serverDomainOf } from "./server-scale.js";

/** How pictures of an experiment are to look. */
export interface RenderOptions {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly theme: ThemeName;
  /** Names of the clients that have panels; default: all. */
  readonly clients?: readonly string[] | null;
  /** A headline. */
  readonly title?: string | null;
  /** What axes count in, where the experiment has both; default "clustered". */
  readonly scale?: AxisScale;
}

/**
 * One panel of the local and global views: a client, or the clients there is no panel for; the server, where no client is
 * known.
 */
export interface Panel {
  readonly rect: Rect;
  readonly plot: Rect;
  readonly scale: Scale;
  readonly title: string;
  /** Indices into `Experiment.clients`. */
  readonly clients: readonly number[];
  /** Most clusters of any round. */
  readonly k: number;
  /** null where the directory does not say. */
  readonly nSamples: number | null;
  /** Groups that stand for the rows; null where none do, or the directory does not say. */
  readonly nGroups: number | null;
  /** What is drawn, in picture coordinates, client by client; null where it stayed with the clients. */
  readonly points: Float32Array | null;
  /** Rows behind each of these; null: each is a row. */
  readonly weights: Float32Array | null;
}

/** What all pictures of an experiment share. */
export interface Stage {
  readonly experiment: Experiment;
  readonly theme: Theme;
  readonly layout: Layout;
  readonly panels: readonly Panel[];
  /** The panel of each client; null where it is not shown. */
  readonly panelOf: readonly (Panel | null)[];
  /** Indices of the clients that are shown, in client order. */
  readonly shown: readonly number[];
  readonly title: string | null;
  /** Names of the two axes of the clients' panels. */
  readonly axes: readonly [x: string, y: string];
  /** Of the server's, which has no rows to count. */
  readonly serverAxes: readonly [x: string, y: string];
  /** What the axes count in; null: in the coordinates themselves. */
  readonly original: OriginalAxes | null;
  /** The part of the plane that the clients' panels show. */
  readonly domain: Domain;
  readonly serverPlot: Rect;
  /** Closer up than those of the clients' panels: there are no rows to hold. */
  readonly serverScale: Scale;
  /** Radius of a local mean of one row in the server's panel. */
  readonly localRowRadius: number;
  /** How large groups are drawn, the same in all panels; null where none are. */
  readonly groupSizes: GroupSizes | null;
  /** Rows in a square unit where a density is fullest, the same in all panels; null where none is drawn. */
  readonly fullest: number | null;
  /** Cluster of each point of a client under the means of a round; null where its points stayed with it. */
  readonly labelsOf: LabelsOf;
}

/** Where a stage's panels are, and the plots in them. */
export interface StagePlan {
  readonly layoutOf: (
    width: number,
    height: number,
    nPanels: number,
    aspect: number,
    contents: Contents,
  ) => Layout;
  /** The part of a client's panel that rows and means are drawn in. */
  readonly plotOf: (panel: Rect) => Rect;
}

/** That of the three views. */
const VIEWS_PLAN: StagePlan = { layoutOf, plotOf: clientPlot };

/**
 * Sets the stage: axes, panels and points in picture coordinates.
 *
 * @param labelsOf where labels come from, if they are known already
 */
export function stageOf(
  experiment: Experiment,
  { width, height, theme, clients = null, title = null, scale }: RenderOptions,
  labelsOf: LabelsOf = labeller(experiment),
  plan: StagePlan = VIEWS_PLAN,
): Stage {
  const original = scale === "original" && !("problem" in experiment.original) ? experiment.original : null;
  const shown = [...experiment.clients.keys()].filter(
    (client) => clients === null || clients.includes(experiment.clients[client].name),
  );
  const groups = groupClients(experiment, shown);
  const whole = domainOf(experiment);
  const names = original === null ? experiment.axes : ([original[0].name, original[1].name] as const);
  const stacks = experiment.axes[1] === "" ? stacksOf(experiment, groups, whole) : null;
  // The height of a client's stack is that of every client's; of many clients together, their own.
  const domain =
    stacks === null
      ? whole
      : onLine(whole, Math.max(0, ...stacks.filter((_, i) => groups[i].length < 2).map(({ most }) => most)));
  const layout = plan.layoutOf(width, height, groups.length, aspectOf(domain), {
    nClusters: Math.max(...experiment.rounds.map(({ k }) => k)),
    nSenders: shown.length,
    headerLines: headerLines(experiment, unitsOf(width, height)),
  });
  const panels = groups.map((group, i) => {
    const rect = layout.panels[i];
    const plot = group.length === 0 ? plotArea(rect) : plan.plotOf(rect);
    const own = stacks === null || group.length < 2 ? domain : onLine(whole, stacks[i].most);
    const heights = stacks === null ? null : stacks[i].heights;
    return panelOf(experiment, group, { rect, plot, scale: scaleOf(own, plot, original), heights });
  });
  const serverPlot = plotArea(layout.server);
  const sizes = groupSizes(panels);
  return {
    experiment,
    theme: THEMES[theme],
    layout,
    panels,
    panelOf: experiment.clients.map(
      (_, client) => panels.find((panel) => panel.clients.includes(client)) ?? null,
    ),
    shown,
    title,
    axes: [names[0], domain.height === "rows" ? "rows per bin" : names[1]],
    serverAxes: names,
    original,
    serverPlot,
    domain,
    serverScale: scaleOf(
      stacks === null ? serverDomainOf(experiment) : onLine(serverDomainOf(experiment), 0),
      serverPlot,
      original,
    ),
    localRowRadius: localRowRadius(experiment, serverPlot),
    groupSizes: sizes,
    fullest: fullestOf(panels, sizes),
    labelsOf,
  };
}

/**
 * Which clients have a place of their own, in every view: the largest, in client order. The others share the last place.
 *
 * @param shown indices into `Experiment.clients` of those that have a place
 * @param places how many there are
 * @returns indices for each place; without clients, one place for none
 */
export function groupClients(
  { clients }: Pick<Experiment, "clients">,
  shown: readonly number[],
  places: number = MAX_PANELS,
): number[][] {
  if (shown.length === 0) return [[]];
  if (shown.length <= places) return shown.map((client) => [client]);
  const bySize = shown.toSorted((a, b) => (clients[b].nSamples ?? 0) - (clients[a].nSamples ?? 0) || a - b);
  const own = new Set(bySize.slice(0, places - 1));
  return [...shown.filter((c) => own.has(c)).map((c) => [c]), shown.filter((c) => !own.has(c))];
}

/** Rows of one coordinate, panel by panel, on one another. */
function stacksOf({ clients }: Experiment, groups: readonly (readonly number[])[], { x }: Domain): Stacks[] {
  const bins = binsOf(
    x,
    Math.max(0, ...clients.map(({ nSamples, points }) => nSamples ?? points?.nPoints ?? 0)),
  );
  return groups.map((group) =>
    stackUp(
      group.flatMap((client) => clients[client].points ?? []),
      bins,
    ),
  );
}

/** Where a panel is, and how it is filled. */
interface PanelPlace extends Pick<Panel, "rect" | "plot" | "scale"> {
  /** How high each point stands; null: at its own second coordinate. */
  readonly heights: Float64Array | null;
}

function panelOf(
  { clients, rounds }: Experiment,
  group: readonly number[],
  { rect, plot, scale, heights }: PanelPlace,
): Panel {
  const members = group.map((client) => clients[client]);
  const known = members.flatMap(({ points }) => points ?? []);
  const total = known.reduce((sum, { nPoints }) => sum + nPoints, 0);
  const points = new Float32Array(2 * total);
  const weights = new Float32Array(total).fill(1);
  let at = 0;
  for (const client of known) {
    if (client.weights !== null) weights.set(client.weights, at);
    for (let i = 0; i < client.nPoints; i++, at++) {
      points[2 * at] = scale.x(client.positions[2 * i]);
      points[2 * at + 1] = scale.y(heights === null ? client.positions[2 * i + 1] : heights[at]);
    }
  }
  return {
    rect,
    plot,
    scale,
    title: titleOf(members),
    clients: group,
    k: Math.max(...rounds.map(({ k }) => k)),
    nSamples: sumOf(members.map(({ nSamples }) => nSamples)),
    nGroups: sumOf(members.map(({ nGroups }) => nGroups)),
    points: known.length > 0 ? points : null,
    weights: known.some((client) => client.weights !== null) ? weights : null,
  };
}

function titleOf(members: Experiment["clients"]): string {
  if (members.length === 0) return "Server";
  return members.length === 1 ? clientTitle(members[0].name) : othersTitle(members.length);
}

/** null where one of them is not known, and of none. */
function sumOf(counts: readonly (number | null)[]): number | null {
  return counts.length === 0 || counts.includes(null)
    ? null
    : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** Cluster of each point of a panel under the means of a round, client by client. */
export function labelsIn({ labelsOf }: Stage, { clients, points }: Panel, roundIndex: number): Uint16Array {
  const labels = new Uint16Array((points?.length ?? 0) / 2);
  let at = 0;
  for (const client of clients) {
    const own = labelsOf(client, roundIndex);
    if (own === null) continue;
    labels.set(own, at);
    at += own.length;
  }
  return labels;
}
