import { colourOf, ON_PAGE } from "../../../markup/palette.js";
import { rect, svgDocument } from "../../../markup/svg.js";
import type { ClientCounts } from "../client-counts.js";
import { type Block, type Cell, cells, type Section, type TableBlock } from "../document.js";
import type { RunFacts } from "../facts.js";
import { count } from "../words.js";

/** The most clients that the table shows; the CSV has all. */
const MOST_CLIENTS = 40;
const BAR = { width: 220, height: 12 } as const;

/** Who took part, with which rows of which clusters. */
export function clients(facts: RunFacts): Section {
  const { counts, summary } = facts;
  const shown = shownClients(facts);
  const blocks: Block[] = [clientTable(facts, shown)];
  const left = counts.length - shown.length;
  if (left > 0) {
    const sizes = summary.clients.map(({ n_samples }) => n_samples ?? 0).sort((a, b) => a - b);
    const at = (share: number) => count(sizes[Math.round(share * (sizes.length - 1))]);
    blocks.push({
      type: "paragraph",
      text: [
        `The ${shown.length} clients with the most rows are shown of ${count(counts.length)}; the CSV has all. ` +
          `Rows of a client: ${at(0)} at least, ${at(0.25)} and ${at(0.75)} at the quartiles, ${at(0.5)} at the median, ${at(1)} at most.`,
      ],
    });
  }
  return { id: "clients", title: "Clients", blocks };
}

/** In client order; of many, those with the most rows. */
function shownClients({ counts, summary }: RunFacts, most: number = MOST_CLIENTS): ClientCounts[] {
  if (counts.length <= most) return [...counts];
  const rows = new Map(summary.clients.map(({ name, n_samples }) => [name, n_samples ?? 0]));
  const chosen = new Set([...counts].sort((a, b) => rows.get(b.name)! - rows.get(a.name)!).slice(0, most));
  return counts.filter((client) => chosen.has(client));
}

function clientTable(facts: RunFacts, shown: readonly ClientCounts[]): TableBlock {
  const { summary, rounds, counts, hasGroups, mayWithhold, last, privately } = facts;
  const known = new Map(summary.clients.map((client) => [client.name, client]));
  const of = counts.find((client) => client.of !== null)?.of ?? null;
  const how = of === "groups" ? ", in groups" : of === "messages" ? ", as last sent" : "";
  const what = `rows by cluster${how}`;
  const hasSizes = counts.some(({ sizes }) => sizes !== null);
  const nClusters = last.means.nRows;
  // At a start that the server draws nobody is asked.
  const nAsked = rounds.filter((round) => round.clients.length > 0).length;
  const number = (value: number | null | undefined) => (value == null ? "–" : count(value));
  const isMade = rounds[0].clients.length > 0 && rounds[0].round === 0 && nAsked > 1;
  // Under differential privacy no client tells how many rows it has.
  const isTold = privately === null || summary.n_samples !== null;
  const notes = [
    ...(isMade ? ["The start counts as a round here: clients were asked for it, too."] : []),
    ...(privately !== null && isTold
      ? ["Numbers of rows are the experimenter's, of a simulation: they left no client."]
      : []),
  ];
  return {
    type: "table",
    caption: hasSizes ? `The clients, and their ${what}` : "The clients",
    header: [
      "client",
      ...(hasSizes ? [what] : []),
      ...(isTold ? ["rows"] : []),
      ...(hasGroups ? ["groups"] : []),
      "rounds answered",
      ...(mayWithhold ? ["means withheld"] : []),
    ],
    nTexts: hasSizes ? 2 : 1,
    rows: shown.map(({ name, sizes, of: counted, withheld, nRounds }) => [
      ...cells(name),
      ...(hasSizes ? [barCell(sizes)] : []),
      ...cells(
        ...(isTold
          ? [
              number(
                known.get(name)?.n_samples ??
                  (counted === "rows" ? sizes?.reduce((sum, size) => sum + size, 0) : null),
              ),
            ]
          : []),
        ...(hasGroups ? [number(known.get(name)?.n_points)] : []),
        `${nRounds} of ${nAsked}`,
        ...(mayWithhold ? [count(withheld)] : []),
      ),
    ]),
    ...(notes.length > 0 && { note: [notes.join(" ")] }),
    data: {
      header: [
        "client",
        "rows",
        "points",
        "rounds_answered",
        "means_withheld",
        ...Array.from({ length: nClusters }, (_, cluster) => `cluster_${cluster}`),
      ],
      rows: counts.map(({ name, sizes, withheld, nRounds }) => [
        name,
        known.get(name)?.n_samples ?? null,
        known.get(name)?.n_points ?? null,
        nRounds,
        withheld,
        ...(sizes ?? new Array<null>(nClusters).fill(null)),
      ]),
    },
  };
}

function barCell(sizes: readonly number[] | null): Cell {
  if (sizes === null) return { text: ["–"] };
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const held = sizes.flatMap((size, cluster) => (size > 0 ? [{ size, cluster }] : []));
  const most = [...held].sort((a, b) => b.size - a.size).slice(0, 4);
  const said = most.map(({ size, cluster }) => `${cluster}:\u00a0${count(size)}`).join(", ");
  const more = held.length > most.length ? `, ${held.length - most.length} more` : "";
  return { text: [`${said}${more}`], bar: barOf(sizes, total) };
}

function barOf(sizes: readonly number[], total: number): string {
  let x = 0;
  const parts = sizes.flatMap((size, cluster) => {
    const width = (BAR.width * size) / Math.max(1, total);
    const part = rect(
      { x, y: 0, width, height: BAR.height },
      { fill: colourOf(cluster), stroke: ON_PAGE.paper },
    );
    x += width;
    return size === 0 ? [] : [part];
  });
  return svgDocument([BAR.width, BAR.height], parts, { "aria-hidden": "true" }, ON_PAGE).trim();
}
