import { UsageError } from "../../errors.js";
import type { ExperimentLike } from "../../experiment/open.js";
import type { Flat } from "../../experiment/plane.js";
import { type RowMap, readRowMap } from "../../experiment/row-map.js";
import { scatterSvg } from "../../markup/scatter.js";
import type { ScatterMean } from "../../markup/scatter-means.js";
import type { Data } from "../data.js";
import { assignments } from "../tables/rows.js";
import { type Groups, groupsOf } from "./columns.js";
import { facetsOf, MOST_COLOURS, MOST_FACETS, type PanelOptions, sharesOf } from "./panels.js";

/** Options of `scatter` for a run. */
export interface MapOptions extends PanelOptions {
  /** What colours a row: "cluster", "client", or the column of its labels; default "cluster". */
  by?: string;
  /** What has a panel each: "client", "cluster", or the column of labels; default: all rows are in one panel. */
  facet?: string;
  /** The run's rows, where labels are asked for and the rows were in memory or have moved. */
  data?: Data;
}

export async function scatterOfRun(experiment: ExperimentLike, options: MapOptions): Promise<string> {
  const { by = "cluster", facet, title = "", columns, width, data } = options;
  const map = readRowMap(experiment);
  const asked = [by, ...(facet === undefined ? [] : [facet])].filter(isLabel);
  const labels = asked.length === 0 ? null : await labelsOf(experiment, map, asked, data);
  const groups = (column: string, most: number, what: string): Groups => {
    if (column === "cluster") return clustersIn(map);
    const table = clientsIn(map).map((client, i) => ({ client, ...labels?.[i] }));
    return groupsOf(table, column, most, what);
  };
  const colours = groups(by, MOST_COLOURS, "by");
  const facets = facet === undefined ? null : groups(facet, MOST_FACETS, "facet");
  const points: Flat = {
    x: joined(map.clients.map(({ x }) => x)),
    y: joined(map.clients.map(({ y }) => y)),
  };
  // Colours of clusters would be taken for those of the rows.
  const means = meansOf(map, by === "cluster");
  const panels = facetsOf({ ...points, colour: colours.indices }, facets, facet).map((panel) => ({
    ...panel,
    means,
  }));
  const [xName, yName] = map.plane.names;
  const missing = map.without.length === 0 ? "" : `nothing recorded of ${map.without.join(", ")}`;
  const note = [map.of === "groups" ? "a point is a group of rows" : "", missing].filter(
    (part) => part !== "",
  );
  return scatterSvg({
    panels,
    xName,
    yName: yName === "" ? "(one coordinate)" : yName,
    categories: colours.names,
    colourName: by,
    title,
    description:
      `${points.x.length} ${map.of} of ${map.clients.length} clients and ${means.length} global means on ` +
      `${xName}${yName === "" ? "" : ` and ${yName}`}, coloured by ${by}: ${sharesOf(colours)}` +
      `${facet === undefined ? "" : `; a panel for each ${facet}: ${panels.map((panel) => panel.title).join(", ")}`}.`,
    note: note.join("; "),
    isEqual: map.plane.of !== "features",
    hasContext: facets !== null,
    ...(columns !== undefined && { columns }),
    ...(width !== undefined && { width }),
  });
}

function isLabel(column: string): boolean {
  return column !== "cluster" && column !== "client";
}

function clientsIn({ clients }: RowMap): string[] {
  return clients.flatMap(({ name, x }) => new Array<string>(x.length).fill(name));
}

function clustersIn({ clients, means }: RowMap): Groups {
  const indices = Int32Array.from(clients.flatMap(({ clusters }) => [...clusters]));
  return { indices, names: Array.from(means.x, (_, c) => String(c)) };
}

function meansOf({ means }: RowMap, areColoured: boolean): ScatterMean[] {
  return Array.from(means.x, (x, c) => ({
    x,
    y: means.y[c],
    label: String(c),
    colour: areColoured ? c : -1,
  }));
}

/** The labels of the rows, which directories do not hold: they are read from the data again. */
async function labelsOf(
  experiment: ExperimentLike,
  map: RowMap,
  asked: readonly string[],
  data: Data | undefined,
): Promise<Record<string, unknown>[]> {
  if (map.of === "groups") {
    throw new UsageError(`by and facet: "cluster" or "client" expected of groups, which have no ${asked[0]}`);
  }
  const table = await assignments(experiment, data);
  const byClient = new Map<string, Record<string, unknown>[]>();
  for (const row of table) {
    const rows = byClient.get(String(row.client)) ?? [];
    byClient.set(String(row.client), rows);
    rows.push(row);
  }
  return map.clients.flatMap(({ name, x }) => {
    const found = byClient.get(name) ?? [];
    if (found.length !== x.length) {
      throw new UsageError(
        `client "${name}": ${x.length} rows were recorded, the data now have ${found.length} of it`,
      );
    }
    return found;
  });
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
