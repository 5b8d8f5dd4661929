import { renameFields, snakeCase } from "../casing.js";
import type { ClientData, DiffSide, RunDiff } from "../experiment/diff/diff.js";
import { numberColumn } from "../markup/number-column.js";
import { significant, type Table, textTable } from "../markup/text-table.js";
import { plural, printableLine } from "../printable.js";
import { metricName } from "../study/metric-name.js";
import { describedDifference } from "./rerun-report.js";

/** The most lines of a table: of more, the JSON has all. */
const MAX_ROWS = 20;

/**
 * What a person reads of how two runs differ.
 *
 * @param settingName how settings are named where it is read; as directories have them, unless given
 */
export function diffReport(diff: RunDiff, settingName?: (name: string) => string): string {
  const tables = diffTables(diff, settingName).map(([caption, table]) => `\n${caption}\n${textTable(table)}`);
  return (
    diffLines(diff)
      .map((line) => `${printableLine(line)}\n`)
      .join("") + tables.join("")
  );
}

/** What a program reads of it: one JSON object. */
export function diffJson({ kind: _, ...diff }: RunDiff): string {
  return `${JSON.stringify(renameFields(diff, snakeCase), null, 2)}\n`;
}

/** What there is to say of two runs, a line each. */
export function diffLines(diff: RunDiff): string[] {
  return [
    `a: ${side(diff.a)}`,
    `b: ${side(diff.b)}`,
    ...(diff.isSame ? ["no difference"] : roundLines(diff)),
    ...agreementLines(diff),
    ...environmentLines(diff),
  ];
}

function side({ experimentDir, status, rounds, runHash }: DiffSide): string {
  const upTo = rounds === 0 ? "no round" : rounds === 1 ? "round 0" : `rounds 0 to ${rounds - 1}`;
  return `${experimentDir}, ${status}, ${upTo}, run hash ${runHash.slice(0, 12)}`;
}

function roundLines({ rounds, transform, a, b }: RunDiff): string[] {
  if (rounds.length === 0) return [];
  const differing = rounds.filter(({ difference }) => difference !== null);
  if (differing.length === 0) {
    const more = a.rounds === b.rounds ? "" : `, and ${a.rounds > b.rounds ? "a" : "b"} goes on`;
    const isOfLocals = a.rounds === b.rounds && a.runHash !== b.runHash;
    return [
      `global means: the same in ${plural(rounds.length, "round")}${more}`,
      ...(isOfLocals
        ? ["run hashes: not the same, as what clients sent, or whether it is recorded, differs"]
        : []),
    ];
  }
  const [{ round, difference }] = differing;
  const lines = [
    `global means, as clustered: first difference in round ${round}: ${describedDifference(difference!, AB)}`,
  ];
  const largest = differing.reduce((most, one) =>
    (one.difference!.largest?.difference ?? 0) > (most.difference!.largest?.difference ?? 0) ? one : most,
  );
  if (largest.round !== round) {
    lines.push(`largest in round ${largest.round}: ${describedDifference(largest.difference!, AB)}`);
  }
  if (transform !== null) {
    lines.push(`their units differ: ${transform.array}: ${describedDifference(transform, AB)}`);
  }
  return lines;
}

const AB = ["in a", "in b"] as const;

function agreementLines({ agreement }: RunDiff): string[] {
  if (typeof agreement === "string") return [`agreement of clusters: not known, as ${agreement}`];
  const { adjustedRandIndex, rows, clients } = agreement;
  return [
    `agreement of clusters: adjusted Rand index ${significant(adjustedRandIndex)} over ${plural(rows, "row")} of ` +
      plural(clients, "client"),
  ];
}

function environmentLines({ environment }: RunDiff): string[] {
  if (environment === null) return ["program and machine: not known of both"];
  return environment.map(({ name, a, b }) => `${name.replaceAll("_", " ")}: ${a} made a, ${b} made b`);
}

/** What differs, table by table; settings are named as in `diffReport`. */
export function diffTables(
  { settings, data, finalMeans, metrics, isSame }: RunDiff,
  settingName: (name: string) => string = (name) => name,
): [caption: string, Table][] {
  const tables: [string, Table][] = [
    [
      "settings",
      {
        header: ["setting", "a", "b"],
        rows: settings.map(({ name, a, b }) => [settingName(name), shown(a), shown(b)]),
      },
    ],
    [
      "data",
      {
        header: ["client", "a", "b"],
        rows: data.map(({ client, a, b }) => [client, shownData(a), shownData(b)]),
      },
    ],
    ["final means on the original scale, matched", finalMeansTable(finalMeans)],
    [
      "metrics",
      {
        header: ["metric", "a", "b", "b - a"],
        rows: metrics.map(({ name, a, b }) => [
          named(name),
          ...numberColumn([a, b, a === null || b === null ? null : b - a]),
        ]),
      },
    ],
  ];
  if (isSame) return [];
  return tables.filter(([, { rows }]) => rows.length > 0).map(([caption, table]) => cut(caption, table));
}

function named(metric: string): string {
  const ofPoints = metric.replace(/^ofPoints\./, "");
  return ofPoints === metric ? metricName(metric) : `${metricName(ofPoints)}, of groups`;
}

function finalMeansTable(finalMeans: RunDiff["finalMeans"]): Table {
  const header = ["cluster of a", "cluster of b", "differ most in", "a", "b", "difference"];
  if (typeof finalMeans === "string") return { header, rows: [] };
  const { pairs, unmatched } = finalMeans;
  return {
    header,
    rows: [
      ...pairs.map(({ a, b, largest }) => [
        String(a),
        String(b),
        ...(largest === null
          ? ["nothing", "-", "-", "0"]
          : [
              largest.feature,
              significant(largest.a),
              significant(largest.b),
              significant(largest.difference),
            ]),
      ]),
      ...unmatched.a.map((cluster) => [String(cluster), "none", "-", "-", "-", "-"]),
      ...unmatched.b.map((cluster) => ["none", String(cluster), "-", "-", "-", "-"]),
    ],
  };
}

function cut(caption: string, { header, rows }: Table): [string, Table] {
  if (rows.length <= MAX_ROWS) return [caption, { header, rows }];
  return [`${caption}, the first ${MAX_ROWS} of ${rows.length}`, { header, rows: rows.slice(0, MAX_ROWS) }];
}

function shown(value: unknown): string {
  return value === null ? "-" : typeof value === "string" ? value : JSON.stringify(value);
}

function shownData(data: ClientData | null): string {
  if (data === null) return "no such client";
  const hash = data.sha256 === null ? "" : `, SHA-256 ${data.sha256.slice(0, 12)}`;
  return `${data.rows === null ? "?" : data.rows} rows${hash}`;
}
