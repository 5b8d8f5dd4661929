import { NUMBER } from "../../../directory/json-object.js";
import { settingOf } from "../../../directory/read-summary.js";
import { curveSvg } from "../../../markup/curve.js";
import { ON_PAGE } from "../../../markup/palette.js";
import { type Block, cells, type Section, say } from "../document.js";
import type { RunFacts } from "../facts.js";
import { count, rounded } from "../words.js";

/** How the run came to its end, round by round. */
export function convergence(facts: RunFacts): Section {
  const rows = roundRows(facts);
  const { results, status } = facts.summary;
  const blocks: Block[] = [];
  if (results?.ended != null) blocks.push({ type: "paragraph", text: [`${sentence(results.ended)}.`] });
  else if (status !== "completed" && status !== "unknown")
    blocks.push({ type: "paragraph", text: ["It was cut short before it settled."] });
  const moved = rows.filter(({ change }) => change !== null);
  const hasErrors = rows.some(({ errors }) => errors !== null);
  const hasInertia = !hasErrors || rows.some(({ inertia }) => inertia !== null);
  const inertias = rows.filter(({ inertia }) => inertia !== null);
  const svgs = [
    ...(moved.length > 1 ? [movementCurve(facts, rows)] : []),
    ...(inertias.length > 1 ? [inertiaCurve(facts, rows)] : []),
  ];
  if (svgs.length > 0) {
    const what = facts.hasGroups ? "groups of rows" : "rows";
    const stood = moved.some(({ change }) => change === 0);
    const drawn = [
      ...(moved.length > 1
        ? [
            `how far the global means moved in each round (Frobenius norm, logarithmic${stood ? "; a round without movement stands at the bottom" : ""})`,
          ]
        : []),
      ...(inertias.length > 1
        ? [`the inertia of all ${what} under each round's means, in the units clustered in`]
        : []),
    ];
    blocks.push({
      type: "figure",
      svgs,
      alt: `${[...(moved.length > 1 ? ["Movement of the global means"] : []), ...(inertias.length > 1 ? ["inertia"] : [])].join(", and ")} over ${rows.length - 1} rounds; the table of rounds has the numbers.`,
      caption: say`${sentence(drawn.join(", and "))}.`,
    });
  }
  blocks.push({
    type: "details",
    summary: "Round by round",
    blocks: [
      {
        type: "table",
        caption: "Rounds",
        header: [
          "round",
          "moved",
          ...(hasInertia ? ["inertia"] : []),
          ...(hasErrors ? ["standard error of a mean"] : []),
          "clients",
          "missed it",
          ...(facts.mayWithhold ? ["means withheld"] : []),
        ],
        nTexts: 0,
        rows: rows.map(({ round, change, inertia, errors, nClients, nMissed, withheld }) =>
          cells(
            round === 0 ? "0, the start" : String(round),
            change === null ? "–" : rounded(change),
            ...(hasInertia ? [inertia === null ? "–" : String(Number(inertia.toPrecision(7)))] : []),
            ...(hasErrors ? [spanText(errors)] : []),
            count(nClients),
            count(nMissed),
            ...(facts.mayWithhold ? [count(withheld)] : []),
          ),
        ),
        ...(hasErrors && {
          note: say`Standard error that noise leaves, by the algorithm's own estimate, in units of the box, which is 2 wide in each feature.`,
        }),
        data: {
          header: ["round", "convergence_change", "inertia", "clients", "missed", "means_withheld"],
          rows: rows.map(({ round, change, inertia, nClients, nMissed, withheld }) => [
            round,
            change,
            inertia,
            nClients,
            nMissed,
            withheld,
          ]),
        },
      },
    ],
  });
  return { id: "convergence", title: "Convergence", blocks };
}

interface RoundRow {
  readonly round: number;
  readonly change: number | null;
  readonly inertia: number | null;
  /** (k,) */
  readonly errors: readonly number[] | null;
  readonly nClients: number;
  readonly nMissed: number;
  readonly withheld: number;
}

function roundRows({ rounds, summary }: RunFacts): RoundRow[] {
  const recorded = new Map(summary.convergence_history.map(({ round, inertia }) => [round, inertia]));
  return rounds.map(({ round, convergenceChange, clients, dropped, withheld, standardErrors }, i) => ({
    round,
    change: convergenceChange,
    // What the next round's messages said of these means; of the last ones the evaluation said it.
    inertia: rounds[i + 1]?.inertia ?? recorded.get(round) ?? null,
    errors: standardErrors,
    nClients: clients.length,
    nMissed: dropped.length,
    withheld: withheld.reduce((sum, [, means]) => sum + means, 0),
  }));
}

/** The least and the greatest of some numbers. */
function spanText(values: readonly number[] | null): string {
  if (values === null) return "–";
  const [least, most] = [Math.min(...values), Math.max(...values)].map(rounded);
  return least === most ? least : `${least} to ${most}`;
}

function movementCurve({ summary, privately }: RunFacts, rows: readonly RoundRow[]): string {
  const tolerance = settingOf(summary, "tolerance", NUMBER);
  return curveSvg({
    name: "movement of the means",
    points: rows.filter(({ round }) => round > 0).map(({ round, change }) => ({ x: round, y: change })),
    isLogarithmic: true,
    ...(privately === null &&
      tolerance !== null &&
      tolerance > 0 && { level: { y: tolerance, name: "tolerance" } }),
    description: "How far the global means moved in each round.",
    ink: ON_PAGE,
  });
}

function inertiaCurve({ hasGroups }: RunFacts, rows: readonly RoundRow[]): string {
  return curveSvg({
    name: hasGroups ? "inertia of groups" : "inertia",
    points: rows.map(({ round, inertia }) => ({ x: round, y: inertia })),
    isLogarithmic: false,
    description: "Sum of squared distances to the nearest global mean, under each round's means.",
    ink: ON_PAGE,
  });
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}`.replace(/\.$/, "");
}
