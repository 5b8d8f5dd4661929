import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import {
  COUNT,
  listOf,
  NUMBER,
  OBJECT,
  optional,
  orNull,
  readJsonObject,
  required,
  TEXT,
} from "../../../directory/json-object.js";
import { curveSvg } from "../../../markup/curve.js";
import { ON_PAGE } from "../../../markup/palette.js";
import { type Block, cells, code, type ReportDocument, say } from "../document.js";
import { metricText } from "../words.js";

const FILE = "choose-k.json";

/** The criteria, by the names of the file and as a reader says them. */
const CRITERIA = [
  ["inertia_mean", "inertia"],
  ["simplified_silhouette_score_mean", "simplified silhouette"],
  ["stability", "agreement of seeds (ARI)"],
] as const;

/** Whether a folder is of a choice of k. */
export function isChoice(folder: string): boolean {
  return existsSync(join(folder, FILE));
}

/**
 * The report of a choice of k, from its folder.
 *
 * @throws RunError if the file is not as it should be
 */
export function choiceDocument(folder: string, title: string | null): ReportDocument {
  const document = readJsonObject(join(folder, FILE));
  const name = basename(resolve(folder));
  const notes = required(document, "notes", listOf(TEXT));
  const scores = required(document, "scores", listOf(OBJECT)).map((score) => ({
    k: required(score, "k", COUNT),
    nRuns: required(score, "n_runs", COUNT),
    values: CRITERIA.map(([field]) => optional(score, field, orNull(NUMBER))),
  }));
  const alt =
    "Three criteria by number of clusters: inertia, simplified silhouette, agreement of seeds; the table has the numbers.";
  const shown = CRITERIA.map((_, i) => i).filter(
    (i) => scores.filter(({ values }) => values[i] !== null).length > 1,
  );
  const blocks: Block[] = [
    { type: "lead", text: [required(document, "verdict", TEXT)] },
    ...(notes.length === 0
      ? []
      : [{ type: "warning", title: "To mind", items: notes.map((note) => [note]) } as const]),
    {
      type: "figure",
      svgs: shown.map((i) =>
        curveSvg({
          name: CRITERIA[i][1],
          xName: "number of clusters",
          points: scores.map(({ k, values }) => ({ x: k, y: values[i] })),
          isLogarithmic: false,
          description: `${CRITERIA[i][1]} by number of clusters`,
          ink: ON_PAGE,
          width: 300,
        }),
      ),
      alt,
      caption: say`Where the inertia bends, where the silhouette is highest, and how far clusterings of different seeds agree. Each can mislead alone.`,
    },
    {
      type: "table",
      caption: "The criteria by number of clusters",
      header: ["k", "runs", ...CRITERIA.map(([, what]) => what)],
      nTexts: 0,
      rows: scores.map(({ k, nRuns, values }) => cells(k, nRuns, ...values.map(metricText))),
      data: {
        header: ["k", "n_runs", ...CRITERIA.map(([field]) => field)],
        rows: scores.map(({ k, nRuns, values }) => [k, nRuns, ...values]),
      },
    },
  ];
  return {
    title: title ?? name,
    subtitle: say`How many clusters? · ${code(name)}`,
    sections: [{ id: "summary", title: "Summary", blocks }],
    attachments: [],
  };
}
