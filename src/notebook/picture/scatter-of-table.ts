import { UsageError } from "../../errors.js";
import { scatterSvg } from "../../markup/scatter.js";
import { scatterMatrixSvg } from "../../markup/scatter-matrix.js";
import { type Groups, groupsOf, numbersOf, type Table } from "./columns.js";
import { facetsOf, MOST_COLOURS, MOST_FACETS, type PanelOptions, rangeOf, sharesOf } from "./panels.js";

/** Options of `scatter` for a table. */
export interface TableScatterOptions extends PanelOptions {
  /** Column of the horizontal axis. */
  x?: string;
  /** Column of the vertical axis. */
  y?: string;
  /** Instead of x and y: columns of which each is drawn against each, 2 to 8. */
  features?: readonly string[];
  /** Column whose values, of which there are at most 64, give points their colour and shape. */
  color?: string;
  /** Column whose values, at most 36, have a panel each. */
  facet?: string;
}

const MOST_FEATURES = 8;

export function scatterOfTable(table: Table, options: TableScatterOptions): string {
  const { x, y, features, color, facet, title = "", columns, width } = options;
  const groups = color === undefined ? null : groupsOf(table, color, MOST_COLOURS, "color");
  const look = {
    categories: groups?.names ?? null,
    colourName: color ?? "",
    title,
    ...(width !== undefined && { width }),
  };
  if (features !== undefined) {
    if (x !== undefined || y !== undefined || facet !== undefined) {
      throw new UsageError("features, or x and y with facet expected, found both");
    }
    if (!Array.isArray(features) || features.length < 2 || features.length > MOST_FEATURES) {
      throw new UsageError(`features: 2 to ${MOST_FEATURES} columns expected, found ${features.length}`);
    }
    const all = features.map((name) => ({ name, values: numbersOf(table, name) }));
    const description = `${table.length} points, each of ${all
      .map(({ name, values }) => `${name} (${rangeOf([values])})`)
      .join(", ")} against each${byColour(groups, color)}.`;
    return scatterMatrixSvg({ ...look, features: all, colour: groups?.indices ?? null, description });
  }
  if (x === undefined || y === undefined) throw new UsageError("x and y expected, or features");
  const [xs, ys] = [numbersOf(table, x), numbersOf(table, y)];
  const facets = facet === undefined ? null : groupsOf(table, facet, MOST_FACETS, "facet");
  const panels = facetsOf({ x: xs, y: ys, colour: groups?.indices ?? null }, facets, facet);
  const description =
    `${table.length} points of ${y} (${rangeOf([ys])}) by ${x} (${rangeOf([xs])})${byColour(groups, color)}` +
    `${facet === undefined ? "" : `; a panel for each ${facet}: ${panels.map((panel) => panel.title).join(", ")}`}.`;
  return scatterSvg({
    ...look,
    panels,
    xName: x,
    yName: y,
    description,
    hasContext: facets !== null,
    ...(columns !== undefined && { columns }),
  });
}

function byColour(groups: Groups | null, color: string | undefined): string {
  return groups === null ? "" : `, coloured by ${color}: ${sharesOf(groups)}`;
}
