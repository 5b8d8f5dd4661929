import {
  COUNT,
  type JsonObject,
  type Kind,
  listOf,
  OBJECT,
  oneOf,
  optional,
  required,
  TEXT,
} from "./json-object.js";
import type { EnvironmentRecord, Provenance } from "./summary.js";

/** How a run was made, as far as its summary says. */
export type LoggedProvenance = {
  [Name in keyof Omit<Provenance, "resumed" | "environment">]: Provenance[Name] | null;
} & { resumed: string[]; environment: EnvironmentRecord | null };

/** As `Date.toISOString` writes it. */
const TIME: Kind<string> = {
  expected: "a time such as 2025-11-07T16:00:54.000Z",
  read: (value) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) ? value : undefined,
};

/** @returns nulls of an earlier version's summary, of an export and of another program's */
export function readProvenance(summary: JsonObject): LoggedProvenance {
  const environment = optional(summary, "environment", OBJECT);
  return {
    started: optional(summary, "started", TIME),
    resumed: optional(summary, "resumed", listOf(TIME)) ?? [],
    finished: optional(summary, "finished", TIME),
    command: optional(summary, "command", listOf(TEXT)),
    working_directory: optional(summary, "working_directory", TEXT),
    environment: environment?.isOurs ? readEnvironment(environment) : null,
  };
}

function readEnvironment(environment: JsonObject): EnvironmentRecord {
  return {
    fedkmeans: required(environment, "fedkmeans", TEXT),
    runtime: required(environment, "runtime", oneOf("Node", "Deno")),
    runtime_version: required(environment, "runtime_version", TEXT),
    platform: required(environment, "platform", TEXT),
    architecture: required(environment, "architecture", TEXT),
    processor: optional(environment, "processor", TEXT),
    processors: required(environment, "processors", COUNT),
  };
}
