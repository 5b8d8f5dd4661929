import { diff, type RunDiff } from "../../experiment/diff/diff.js";
import { epsilonText } from "../../federation/client/budget/epsilon-text.js";
import {
  type Block,
  type Cell,
  cells,
  code,
  type ReportDocument,
  type Section,
  say,
  strong,
  type TableBlock,
} from "./document.js";
import type { RunFacts } from "./facts.js";
import { clusters } from "./sections/clusters.js";
import { head, subtitle } from "./sections/head.js";
import { MEANINGS } from "./sections/quality.js";
import { count, listed, metricText, rounded } from "./words.js";

/** What whoever compares runs may choose. */
export interface ComparisonOptions {
  readonly title: string | null;
  readonly showsRows: boolean;
}

/** The report of several runs: what differs between them, metrics side by side, how far their clusters agree; then each. */
export function comparisonOf(
  runs: readonly RunFacts[],
  { title, showsRows }: ComparisonOptions,
): ReportDocument {
  const diffs = pairsOf(runs.length).map(([a, b]) => ({
    a,
    b,
    found: diff(runs[a].directory, runs[b].directory),
  }));
  const varied = [...new Set(diffs.flatMap(({ found }) => found.settings.map(({ name }) => name)))];
  return {
    title: title ?? `${runs.length} runs`,
    subtitle: say`Comparison of federated k-means · ${listed(runs.map(({ name }) => name))}`,
    sections: [
      summary(
        runs,
        diffs.map(({ found }) => found),
        varied,
      ),
      metrics(runs),
      agreement(runs, diffs),
      means(diffs),
      ...runs.map((facts, i) => each(facts, i, showsRows)),
    ].filter((section) => section !== null),
    attachments: [],
  };
}

/** A run's letter in tables: A, B, ...; beyond Z its number. */
function letter(run: number): string {
  return run < 26 ? String.fromCharCode(65 + run) : String(run + 1);
}

function pairsOf(n: number): [number, number][] {
  return Array.from({ length: n }, (_, a) =>
    Array.from({ length: n - a - 1 }, (_, i): [number, number] => [a, a + 1 + i]),
  ).flat();
}

function summary(runs: readonly RunFacts[], diffs: readonly RunDiff[], varied: readonly string[]): Section {
  const isSame = diffs.every((found) => found.isSame);
  // An export, a deployment and another program's directory do not say which rows were clustered.
  const isOfKnownData = runs.every(({ summary: { partitions } }) => partitions !== null);
  const areSomeNoisy = runs.some(({ privately }) => privately !== null);
  const isOfSameData = diffs.every(({ data }) => data.length === 0);
  const said = isSame
    ? say`${strong("No difference")}: settings, data, rounds, final means and metrics are the same.`
    : say`${strong(count(runs.length))} runs${isOfKnownData ? (isOfSameData ? " of the same data" : " of different data") : ""}. ${varied.length === 0 ? "Their settings are the same." : `Their settings differ in ${listed(varied.map(asOption), 8)}.`}`;
  return {
    id: "summary",
    title: "Summary",
    blocks: [
      { type: "lead", text: said },
      {
        type: "table",
        caption: "The runs",
        header: [
          "as",
          "run",
          "rows",
          ...(areSomeNoisy ? ["epsilon"] : []),
          "rounds",
          areSomeNoisy ? "converged, or as planned" : "converged",
          "run hash",
        ],
        nTexts: 2,
        rows: runs.map(({ name, summary, rounds, runHash, privately }, i) => [
          ...cells({ text: [strong(letter(i))] }, name),
          ...cells(
            summary.n_samples === null ? "–" : count(summary.n_samples),
            ...(areSomeNoisy
              ? [privately === null ? "–" : epsilonText(privately.muSpent ** 2, privately.delta)]
              : []),
            summary.results?.rounds ?? rounds.length - 1,
            summary.results?.converged == null ? "–" : summary.results.converged ? "yes" : "no",
            { text: [code(runHash.slice(0, 12))] },
          ),
        ]),
      },
      ...(varied.length === 0 ? [] : [settingsTable(runs, varied)]),
    ],
  };
}

/** A setting a row: of several settings a column each would not fit a page. */
function settingsTable(runs: readonly RunFacts[], varied: readonly string[]): TableBlock {
  return {
    type: "table",
    caption: "Settings in which they differ",
    header: ["setting", ...runs.map((_, i) => letter(i))],
    nTexts: 1,
    rows: varied.map((setting) =>
      cells(
        { text: [code(asOption(setting))] },
        ...runs.map(({ summary: { configuration } }) => shown(configuration[setting])),
      ),
    ),
  };
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function metrics(runs: readonly RunFacts[]): Section | null {
  const known = runs.map(({ metrics: found }) =>
    found?.inertia == null && found?.ofPoints != null ? found.ofPoints : found,
  );
  const rows = MEANINGS.filter(({ metric }) => known.some((one) => one?.[metric] != null));
  if (rows.length === 0) return null;
  const noisy = runs.flatMap(({ privately }, i) =>
    privately !== null && known[i]?.inertia != null ? [letter(i)] : [],
  );
  const ofGroups = runs.flatMap(({ metrics: found }, i) =>
    found?.inertia == null && found?.ofPoints != null ? [letter(i)] : [],
  );
  return {
    id: "metrics",
    title: "Metrics",
    blocks: [
      {
        type: "table",
        caption: "Metrics side by side",
        header: ["metric", "range", ...runs.map((_, i) => letter(i))],
        nTexts: 2,
        rows: rows.map(({ name, range, metric }) => [
          ...cells(name, range),
          ...known.map((one): Cell => ({ text: [metricText(one?.[metric] ?? null)] })),
        ]),
        note: [
          "Inertia is of the space that a run clusters in: compare it where normalization and data are the same." +
            (ofGroups.length === 0 ? "" : ` Those of ${listed(ofGroups)} are of groups of rows.`) +
            (noisy.length === 0
              ? ""
              : ` Those of ${listed(noisy)}, under differential privacy, only a simulation can tell: of the rows, without noise.`),
        ],
        data: {
          header: ["metric", ...runs.map(({ name }) => name)],
          rows: rows.map(({ metric }) => [metric, ...known.map((one) => one?.[metric] ?? null)]),
        },
      },
    ],
  };
}

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly found: RunDiff;
}

/** Adjusted Rand indices of the rows that two runs share. */
function agreement(runs: readonly RunFacts[], pairs: readonly Pair[]): Section {
  const index = (a: number, b: number): number | null => {
    if (a === b) return 1;
    const pair = pairs.find((one) => one.a === Math.min(a, b) && one.b === Math.max(a, b))!;
    return typeof pair.found.agreement === "string" ? null : pair.found.agreement.adjustedRandIndex;
  };
  const reasons = pairs.flatMap(({ a, b, found }) =>
    typeof found.agreement === "string" ? [`${letter(a)} and ${letter(b)}: ${found.agreement}`] : [],
  );
  const values = runs.map((_, a) => runs.map((_, b) => index(a, b)));
  return {
    id: "agreement",
    title: "Agreement of their clusters",
    blocks: [
      {
        type: "table",
        caption:
          "Adjusted Rand index of the clusters of the rows that two runs share: 1 is the same partition, 0 is chance",
        header: ["run", ...runs.map((_, i) => letter(i))],
        nTexts: 1,
        rows: values.map((row, a) => [
          ...cells({ text: [strong(letter(a))] }),
          ...row.map(
            (value): Cell =>
              value === null ? { text: ["–"] } : { text: [metricText(value)], heat: Math.max(0, value) },
          ),
        ]),
        ...(reasons.length > 0 && { note: [`${reasons.slice(0, 5).join("; ")}.`] }),
        data: {
          header: ["run", ...runs.map(({ name }) => name)],
          rows: values.map((row, a) => [runs[a].name, ...row]),
        },
      },
    ],
  };
}

/** The clusters of each other run beside those of the first, paired so that they are nearest. */
function means(pairs: readonly Pair[]): Section {
  const blocks = pairs
    .filter(({ a }) => a === 0)
    .map(({ b, found }): Block => {
      const { finalMeans } = found;
      if (typeof finalMeans === "string") {
        return { type: "paragraph", text: [`A and ${letter(b)} cannot be compared: ${finalMeans}.`] };
      }
      const { a: onlyA, b: onlyB } = finalMeans.unmatched;
      const left = [
        ...(onlyA.length > 0 ? [`of A ${listed(onlyA.map(String))}`] : []),
        ...(onlyB.length > 0 ? [`of ${letter(b)} ${listed(onlyB.map(String))}`] : []),
      ];
      return {
        type: "table",
        caption: `Final means of A and ${letter(b)}, paired so that they are nearest`,
        header: ["cluster of A", `of ${letter(b)}`, "differ most in", "A", letter(b)],
        nTexts: 3,
        rows: finalMeans.pairs.map(({ a, b: other, largest }) =>
          cells(
            { text: [String(a)], cluster: a },
            other,
            largest?.feature ?? "nothing",
            largest === null ? "–" : rounded(largest.a),
            largest === null ? "–" : rounded(largest.b),
          ),
        ),
        ...(left.length > 0 && { note: [`Without a partner: ${left.join(", ")}.`] }),
      };
    });
  return { id: "means", title: "Their means", blocks };
}

function each(facts: RunFacts, run: number, showsRows: boolean): Section {
  const { blocks } = head(facts, []);
  return {
    id: `run-${run + 1}`,
    title: `${letter(run)}: ${facts.name}`,
    blocks: [
      { type: "small", text: subtitle(facts) },
      ...blocks.filter(({ type }) => type !== "tiles"),
      ...clusters(facts, showsRows).blocks,
      { type: "small", text: say`All of it: ${code(`fedkmeans report ${facts.name}`)}` },
    ],
  };
}

/** A setting's name as the command line has it. */
function asOption(setting: string): string {
  return setting.replaceAll("_", "-");
}
