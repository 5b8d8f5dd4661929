import {
  FLAG,
  type JsonObject,
  listOf,
  OBJECT,
  optional,
  orNull,
  required,
  TEXT,
} from "../../directory/json-object.js";
import { SCHEMA_VERSION } from "../../directory/layout.js";
import { VERSION } from "../../files/package-root.js";
import type { RunFacts } from "./facts.js";
import { checksumOf, runFiles } from "./files.js";
import type { ReportOptions, RerunVerdict } from "./report.js";

/** Name of what a page carries of itself. */
export const PAGE_RECORD = "report.json";

/** What a page says of itself to whoever compares it with a directory. */
export interface PageRecord {
  /** Version of fedkmeans that made it. */
  readonly fedkmeans: string;
  readonly runHash: string;
  /** SHA-256 over the hashes of the directory's files; null where it had no manifest. */
  readonly files: string | null;
  /** What the page was asked for. */
  readonly options: ReportOptions;
}

/** What was known of the run, and what the page was asked for. */
export function pageRecord(facts: RunFacts, options: ReportOptions): string {
  const { summary, metrics, runHash, directory } = facts;
  const files = runFiles(directory);
  const { title, showsRows, note, rerun } = options;
  const fields = {
    schema_version: SCHEMA_VERSION,
    fedkmeans: VERSION,
    run_hash: runHash,
    files_sha256: files && checksumOf(files),
    status: summary.status,
    clients: summary.clients.length,
    rows: summary.n_samples,
    features: summary.n_features,
    results: summary.results,
    metrics,
    options: {
      title,
      shows_rows: showsRows,
      note,
      rerun: rerun && { is_same: rerun.isSame, said: rerun.said, at: rerun.at },
    },
  };
  return `${JSON.stringify(fields, null, 1)}\n`;
}

/** @throws RunError naming the field if it is not as it should be */
export function readPageRecord(record: JsonObject): PageRecord {
  const options = required(record, "options", OBJECT);
  return {
    fedkmeans: required(record, "fedkmeans", TEXT),
    runHash: required(record, "run_hash", TEXT),
    files: optional(record, "files_sha256", TEXT),
    options: {
      title: optional(options, "title", TEXT),
      showsRows: required(options, "shows_rows", FLAG),
      note: optional(options, "note", TEXT),
      rerun: readRerun(optional(options, "rerun", orNull(OBJECT))),
    },
  };
}

function readRerun(rerun: JsonObject | null): RerunVerdict | null {
  if (rerun === null) return null;
  return {
    isSame: required(rerun, "is_same", FLAG),
    said: required(rerun, "said", listOf(TEXT)),
    at: required(rerun, "at", TEXT),
  };
}
