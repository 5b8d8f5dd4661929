import { existsSync } from "node:fs";
import { snakeCase } from "../../casing.js";
import { layoutOf } from "../../directory/layout.js";
import { type LoggedMetrics, readMetrics, SCALAR_METRICS } from "../../directory/read-metrics.js";
import type { LoggedSummary } from "../../directory/read-summary.js";
import type { EnvironmentRecord } from "../../directory/summary.js";
import { transformDifference } from "../rerun/compare-results.js";
import { type ArrayDifference, matrixDifference } from "../rerun/compare-round.js";
import { RECORDED } from "../setting-groups.js";
import { SETTINGS } from "../settings.js";
import { agreementOf, type ClusterAgreement } from "./agreement.js";
import { type DiffedRun, readDiffedRun } from "./diffed-run.js";
import { type FinalMeansDiff, finalMeansDiff } from "./final-means.js";

/** A value of the first run and of the second. */
export interface Both<T = unknown> {
  readonly name: string;
  readonly a: T;
  readonly b: T;
}

/** One of the runs, in short. */
export interface DiffSide {
  readonly experimentDir: string;
  readonly status: LoggedSummary["status"];
  /** Whole rounds, the start included. */
  readonly rounds: number;
  /** Over these. */
  readonly runHash: string;
}

/** The data of a client that is not the same in both. */
export interface DataDiff {
  readonly client: string;
  /** null where the run has no such client. */
  readonly a: ClientData | null;
  readonly b: ClientData | null;
}

/** What a directory says of a client's data; null is what it does not say. */
export interface ClientData {
  readonly rows: number | null;
  /** Of its file, or of its rows in memory. */
  readonly sha256: string | null;
}

/** How two runs differ. */
export interface RunDiff {
  /** Tells it from other results. */
  readonly kind: "diff";
  readonly a: DiffSide;
  readonly b: DiffSide;
  /** Whether settings, data, rounds, final means and metrics are the same; who made the runs, and when, is left aside. */
  readonly isSame: boolean;
  /** Settings that differ, as the summaries name them. */
  readonly settings: readonly Both[];
  /** Clients whose data differ. */
  readonly data: readonly DataDiff[];
  /** What of program and machine differs, as the summaries name it; null where a directory does not say. */
  readonly environment: readonly Both[] | null;
  /** How rows became those that are clustered: the first array that differs; null where none does. */
  readonly transform: ArrayDifference | null;
  /** The global means of each round that both have, as clustered, by their index; null where they are the same bit by bit. */
  readonly rounds: readonly { readonly round: number; readonly difference: ArrayDifference | null }[];
  /** On the original scale, matched; the reason where they cannot be compared. */
  readonly finalMeans: FinalMeansDiff | string;
  /** Side by side, the same or not; null is what is not known. `ofPoints.` stands before those of the points. */
  readonly metrics: readonly Both<number | null>[];
  /** Of the rows that both are of; the reason where there are none to compare. */
  readonly agreement: ClusterAgreement | string;
}

/**
 * Compares two experiment directories: settings, data, rounds, means, metrics, and the clusters of the rows.
 *
 * @param a the one
 * @param b the other
 * @throws RunError if one of them is none, or is damaged
 */
export function diff(a: string, b: string): RunDiff {
  const [one, other] = [readDiffedRun(a), readDiffedRun(b)];
  const found = {
    settings: settingsDiff(one.summary, other.summary),
    data: dataDiff(one.summary, other.summary),
    environment: environmentDiff(one.summary, other.summary),
    transform: transformDifference(a, b),
    rounds: roundsDiff(one, other),
    finalMeans: finalMeansDiff(one, other),
    metrics: metricsDiff(a, b),
    agreement: agreementOf(one, other),
  };
  const { settings, data, transform, rounds, finalMeans, metrics } = found;
  const isSame =
    settings.length === 0 &&
    data.length === 0 &&
    transform === null &&
    one.runHash === other.runHash &&
    one.summary.status === other.summary.status &&
    rounds.every(({ difference }) => difference === null) &&
    (typeof finalMeans === "string" ||
      finalMeans.pairs.every((pair) => pair.a === pair.b && pair.largest === null)) &&
    metrics.every((metric) => Object.is(metric.a, metric.b));
  return { kind: "diff", a: sideOf(one), b: sideOf(other), isSame, ...found };
}

function sideOf({ directory, summary, rounds, runHash }: DiffedRun): DiffSide {
  return { experimentDir: directory, status: summary.status, rounds: rounds.length, runHash };
}

function settingsDiff(a: LoggedSummary, b: LoggedSummary): Both[] {
  const [own, others] = [withDefaults(a.configuration), withDefaults(b.configuration)];
  return (
    Object.keys({ ...own, ...others })
      // Where the data are tells nothing of what they are.
      .filter((name) => name !== "data" && !isEqual(own[name], others[name]))
      .map((name) => ({ name, a: own[name] ?? null, b: others[name] ?? null }))
  );
}

/** A setting that a later version added was as its default is before. */
function withDefaults(configuration: LoggedSummary["configuration"]): LoggedSummary["configuration"] {
  const defaults = RECORDED.map((name) => [snakeCase(name), SETTINGS[name].default]);
  return { ...Object.fromEntries(defaults), ...configuration };
}

function dataDiff(a: LoggedSummary, b: LoggedSummary): DataDiff[] {
  const [own, others] = [clientData(a), clientData(b)];
  return [...new Set([...own.keys(), ...others.keys()])]
    .map((client) => ({ client, a: own.get(client) ?? null, b: others.get(client) ?? null }))
    .filter((of) => !isSameData(of.a, of.b));
}

function clientData({ clients, partitions }: LoggedSummary): Map<string, ClientData> {
  const hashOf = new Map(partitions?.map(({ client, sha256 }) => [client, sha256]));
  return new Map(
    clients.map(({ name, n_samples }) => [name, { rows: n_samples, sha256: hashOf.get(name) ?? null }]),
  );
}

/** By the hash where both have one, else by the number of rows. */
function isSameData(a: ClientData | null, b: ClientData | null): boolean {
  if (a === null || b === null) return false;
  return a.sha256 !== null && b.sha256 !== null ? a.sha256 === b.sha256 : a.rows === b.rows;
}

function environmentDiff(a: LoggedSummary, b: LoggedSummary): Both[] | null {
  const [own, others] = [a.provenance.environment, b.provenance.environment];
  if (own === null || others === null) return null;
  return (Object.keys(own) as (keyof EnvironmentRecord)[])
    .filter((name) => own[name] !== others[name])
    .map((name) => ({ name, a: own[name], b: others[name] }));
}

function roundsDiff(a: DiffedRun, b: DiffedRun): RunDiff["rounds"] {
  return a.rounds.slice(0, b.rounds.length).map(({ round, means }, i) => ({
    round,
    difference: matrixDifference("global_means", means, b.rounds[i].means),
  }));
}

function metricsDiff(a: string, b: string): Both<number | null>[] {
  const [own, others] = [a, b].map((directory) =>
    existsSync(layoutOf(directory).metrics) ? readMetrics(directory) : null,
  );
  const of = (
    one: Partial<LoggedMetrics> | null | undefined,
    other: Partial<LoggedMetrics> | null | undefined,
    prefix: string,
  ) =>
    SCALAR_METRICS.map((name) => ({
      name: prefix + name,
      a: one?.[name] ?? null,
      b: other?.[name] ?? null,
    })).filter((metric) => metric.a !== null || metric.b !== null);
  return [...of(own, others, ""), ...of(own?.ofPoints, others?.ofPoints, "ofPoints.")];
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
