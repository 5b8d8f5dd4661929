import { forestSvg } from "../../../markup/forest.js";
import { ON_PAGE } from "../../../markup/palette.js";
import { plural } from "../../../printable.js";
import { type Spread, spread } from "../../../study/statistics.js";
import {
  type Block,
  cells,
  code,
  type ReportDocument,
  say,
  strong,
  type TableBlock,
  type Cell as TableCell,
} from "../document.js";
import { count, listed, metricText } from "../words.js";
import type { Cell, SweepFacts } from "./sweep-facts.js";

/** Numbers of a run that are summed up, by the names of the file, and as a reader says them. */
const MEASURES: readonly (readonly [column: string, name: string])[] = [
  ["adjusted_rand_index", "adjusted Rand index"],
  ["inertia", "inertia"],
  ["simplified_silhouette_score", "silhouette, simplified"],
  ["rounds", "rounds"],
];
/** The most pairs that are drawn. */
const MOST_PAIRS = 40;

/** The report of a sweep: intervals of each combination, and differences seed by seed. */
export function sweepDocument(facts: SweepFacts, title: string | null): ReportDocument {
  const seeds = new Set(facts.runs.map(({ seed }) => seed)).size;
  const failed = facts.cells.reduce((sum, { nFailed }) => sum + nFailed, 0);
  const lead = say`${strong(count(facts.cells.length))} ${facts.cells.length === 1 ? "combination" : "combinations"} of ${facts.keys.length === 0 ? "no setting" : listed(facts.keys)}, each run from ${plural(seeds, "seed")}: ${count(facts.runs.length)} runs, ${failed === 0 ? "none of which failed" : `of which ${count(failed)} failed`}.`;
  const head: Block[] = [{ type: "lead", text: lead }];
  const errors = facts.cells.flatMap((cell) =>
    cell.error === null ? [] : [say`${named(facts, cell)}: ${cell.error}`],
  );
  const said = [...errors, ...facts.notes.map((note) => [note])];
  if (said.length > 0) head.push({ type: "warning", title: "To mind", items: said });
  const pairs = pairedDifferences(facts);
  return {
    title: title ?? facts.name,
    subtitle: say`Sweep of federated k-means · ${code(facts.name)}`,
    sections: [
      { id: "summary", title: "Summary", blocks: head },
      { id: "combinations", title: "Combinations", blocks: combinations(facts) },
      ...(pairs === null ? [] : [{ id: "differences", title: "Differences, seed by seed", blocks: pairs }]),
      {
        id: "files",
        title: "Files",
        blocks: [
          {
            type: "paragraph",
            text: say`Every run is a line of ${code("sweep.csv")}, every combination one of ${code("sweep-summary.csv")}; ${code("sweep.json")} is for programs.`,
          },
        ],
      },
    ],
    attachments: [],
  };
}

function named({ keys }: SweepFacts, { values }: Cell): string {
  return keys.map((key, i) => `${key} ${values[i]}`).join(", ") || "all";
}

/** What of the runs of some values of the settings a column has, by seed. */
function bySeed(facts: SweepFacts, values: readonly string[], column: string): Map<string, number> {
  const found = facts.runs.filter(
    (run) => run.status === "completed" && facts.keys.every((key, i) => run[key] === values[i]),
  );
  return new Map(found.flatMap((run) => (run[column] ? [[run.seed, Number(run[column])] as const] : [])));
}

function combinations(facts: SweepFacts): Block[] {
  const known = MEASURES.filter(([column]) => facts.runs.some((run) => run[column]));
  const spreads = facts.cells.map((cell) =>
    known.map(([column]) => {
      const values = [...bySeed(facts, cell.values, column).values()];
      return values.length === 0 ? null : spread(values);
    }),
  );
  const table: TableBlock = {
    type: "table",
    caption: "Each combination over its seeds: mean, and its 95 % interval (Student's t)",
    header: [...facts.keys, "runs", ...known.map(([, name]) => name)],
    nTexts: facts.keys.length,
    rows: facts.cells.map((cell, i) => [
      ...cells(...cell.values),
      ...cells(
        cell.nFailed === 0
          ? count(cell.nCompleted)
          : `${cell.nCompleted} of ${cell.nCompleted + cell.nFailed}`,
      ),
      ...spreads[i].map(spreadCell),
    ]),
    data: {
      header: [
        ...facts.keys,
        "n_completed",
        "n_failed",
        ...known.flatMap(([column]) => ["mean", "sd", "low", "high"].map((part) => `${column}_${part}`)),
      ],
      rows: facts.cells.map((cell, i) => [
        ...cell.values,
        cell.nCompleted,
        cell.nFailed,
        ...spreads[i].flatMap((one) => [
          one?.mean ?? null,
          one?.sd ?? null,
          one?.low ?? null,
          one?.high ?? null,
        ]),
      ]),
    },
  };
  const [column, name] = known[0] ?? ["", ""];
  const rows = facts.cells.flatMap((cell, i) => {
    const one = spreads[i][0] ?? null;
    return one === null ? [] : [{ name: named(facts, cell), value: one.mean, low: one.low, high: one.high }];
  });
  if (column === "" || rows.length < 2 || rows.length > MOST_PAIRS) return [table];
  const alt = `${name} of each combination: mean and 95 % interval over seeds; the table has the numbers.`;
  return [
    {
      type: "figure",
      svgs: [forestSvg({ rows, name, description: alt, ink: ON_PAGE, width: 900 })],
      alt,
      caption: say`${sentenceCase(name)} of each combination: mean over seeds, and its 95 % interval.`,
    },
    table,
  ];
}

function sentenceCase(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}`;
}

function spreadCell(one: Spread | null): TableCell {
  if (one === null) return { text: ["–"] };
  const isExact = one.low === null || one.low === one.high;
  return {
    text: [
      strong(metricText(one.mean)),
      ...(isExact ? [] : [` (${metricText(one.low)}\u00a0to\u00a0${metricText(one.high)})`]),
    ],
  };
}

/** The first value of a setting against each other one, where all else is equal; null where nothing can be compared. */
function pairedDifferences(facts: SweepFacts): Block[] | null {
  const [column, name] = MEASURES.find(([one]) => facts.runs.some((run) => run[one])) ?? ["", ""];
  const pairs = facts.keys.flatMap((key, at) => {
    const [first, ...others] = [...new Set(facts.cells.map(({ values }) => values[at]))];
    return others.flatMap((other) =>
      facts.cells
        .filter(({ values }) => values[at] === first)
        .flatMap(({ values }) => {
          const from = bySeed(facts, values, column);
          const to = bySeed(facts, values.with(at, other), column);
          const differences = [...from].flatMap(([seed, value]) =>
            to.has(seed) ? [to.get(seed)! - value] : [],
          );
          if (differences.length === 0) return [];
          const rest = facts.keys
            .flatMap((other, i) => (i === at ? [] : [`${other} ${values[i]}`]))
            .join(", ");
          const what = `${key}: ${other} less ${first}${rest === "" ? "" : ` (${rest})`}`;
          const better = differences.filter((difference) => difference > 0).length;
          const equal = differences.filter((difference) => difference === 0).length;
          return [{ what, ...spread(differences), better, equal }];
        }),
    );
  });
  if (pairs.length === 0) return null;
  const shown = pairs.slice(0, MOST_PAIRS);
  const alt = `Differences of the ${name}, seed by seed: mean and 95 % interval of ${shown.length} comparisons; the table has the numbers.`;
  return [
    {
      type: "figure",
      svgs: [
        forestSvg({
          rows: shown.map(({ what, mean, low, high }) => ({ name: what, value: mean, low, high })),
          name: `difference of the ${name}`,
          description: alt,
          ink: ON_PAGE,
          width: 900,
        }),
      ],
      alt,
      caption: say`Difference of the ${name} where one setting is another and the seed is the same: mean over seeds, and its 95 % interval (Student's t of the differences).`,
    },
    {
      type: "table",
      caption: `Differences of the ${name}, seed by seed`,
      header: ["compared", "mean", "95 % interval", "seeds", "higher", "equal"],
      nTexts: 1,
      rows: shown.map(({ what, mean, low, high, n, better, equal }) =>
        cells(
          what,
          metricText(mean),
          low === null ? "–" : `${metricText(low)} to ${metricText(high)}`,
          n,
          better,
          equal,
        ),
      ),
      data: {
        header: ["compared", "mean", "low", "high", "n", "higher", "equal"],
        rows: pairs.map(({ what, mean, low, high, n, better, equal }) => [
          what,
          mean,
          low,
          high,
          n,
          better,
          equal,
        ]),
      },
    },
  ];
}
