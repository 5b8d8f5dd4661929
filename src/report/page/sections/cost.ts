import { NUMBER, OBJECT, optional } from "../../../directory/json-object.js";
import { cells, type TableBlock } from "../document.js";
import type { RunFacts } from "../facts.js";
import { metricText } from "../words.js";

/** What federation, and groups, cost beside k-means of all rows in one place; none where no twin was asked for. */
export function costTables({ twin, hasGroups, privately }: RunFacts): TableBlock[] {
  if (twin === null) return [];
  const parts = [
    ["rows", twin],
    ...(hasGroups ? [["groups", optional(twin, "of_points", OBJECT)] as const] : []),
  ] as const;
  const rows = parts.flatMap(([what, scores]) =>
    (["same_start", "best_start"] as const).flatMap((start) => {
      const score = scores && optional(scores, start, OBJECT);
      if (score === null) return [];
      const number = (name: string) => optional(score, name, NUMBER);
      const restarts = number("restarts");
      const excess = number("inertia_excess");
      const difference = number("adjusted_rand_index_difference");
      return [
        {
          from: start === "same_start" ? "the run's own start" : `best of ${restarts ?? "several"} starts`,
          what,
          inertia: number("inertia"),
          excess,
          index: number("adjusted_rand_index"),
          difference,
        },
      ];
    }),
  );
  if (rows.length === 0) return [];
  const signed = (value: number | null, digits: number, unit: string) =>
    value === null
      ? "–"
      : `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(digits)}${unit}`;
  return [
    {
      type: "table",
      caption: `What federation${privately === null ? "" : ", noise and bounds"} cost, beside k-means of all of it in one place, scored on the rows`,
      header: [
        "pooled k-means of",
        "from",
        "its inertia",
        "the run's is",
        "its adjusted Rand index",
        "the run's is",
      ],
      nTexts: 2,
      rows: rows.map(({ what, from, inertia, excess, index, difference }) =>
        cells(
          what,
          from,
          metricText(inertia),
          signed(excess === null ? null : 100 * excess, 2, " %"),
          metricText(index),
          signed(difference, 3, ""),
        ),
      ),
      data: {
        header: [
          "pooled",
          "start",
          "inertia",
          "inertia_excess",
          "adjusted_rand_index",
          "adjusted_rand_index_difference",
        ],
        rows: rows.map(({ what, from, inertia, excess, index, difference }) => [
          what,
          from,
          inertia,
          excess,
          index,
          difference,
        ]),
      },
    },
  ];
}
