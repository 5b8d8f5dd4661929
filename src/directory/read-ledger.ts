import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { messageOf, RunError } from "../errors.js";
import { compareNatural } from "../files/natural-order.js";
import { clientOfFileId } from "./client-name.js";
import {
  COUNT,
  type JsonObject,
  jsonObjectOf,
  type Kind,
  listOf,
  NUMBER,
  OBJECT,
  optional,
  readPlainFile,
  required,
  SHA256,
  TEXT,
} from "./json-object.js";
import { LEDGER_EXTENSION, LEDGER_FOLDER } from "./layout.js";
import type { LedgerLine } from "./ledger-line.js";

/** Half a million messages. */
const MAX_LEDGER_BYTES = 2 ** 28;
const PREFIX = "client_";

/** A file of one client's messages. */
interface LedgerFile {
  readonly client: string;
  readonly path: string;
}

/**
 * The ledgers of a folder, by the clients' names.
 *
 * @param directory an experiment directory, or a folder of ledgers
 * @throws RunError if there is none
 */
export function findLedgers(directory: string): LedgerFile[] {
  const within = join(directory, LEDGER_FOLDER);
  const folder = existsSync(within) ? within : directory;
  const names = namesIn(folder).filter((name) => name.startsWith(PREFIX) && name.endsWith(LEDGER_EXTENSION));
  if (names.length === 0) {
    throw new RunError(
      `${directory} has no ledger: an experiment directory with ${LEDGER_FOLDER}/, or a folder of ` +
        `${PREFIX}NAME${LEDGER_EXTENSION} files expected`,
    );
  }
  return names
    .map((name) => ({
      client: clientOfFileId(basename(name, LEDGER_EXTENSION).slice(PREFIX.length)),
      path: join(folder, name),
    }))
    .sort((a, b) => compareNatural(a.client, b.client));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new RunError(`${folder}: ${isMissing ? "no such folder" : messageOf(error)}`);
  }
}

/**
 * Reads one client's ledger, a message at a time. What a client that was killed left of its last line is passed over.
 *
 * @throws RunError naming file and line if it is not as it should be
 */
export function* readLedger(path: string): Generator<LedgerLine> {
  const lines = readPlainFile(path, MAX_LEDGER_BYTES).toString("utf8").split("\n");
  for (let i = 0; i < lines.length - 1; i++) {
    const line = jsonObjectOf(lines[i], `${path}, line ${i + 1}`);
    required(line, "schema_version", COUNT);
    yield lineOf(line);
  }
}

const SHAPE = listOf(COUNT);
const SPENT: Kind<number> = {
  expected: "a number of at least 0",
  read: (value, ...at) => ((value as number) < 0 ? undefined : NUMBER.read(value, ...at)),
};

const PROBABILITY: Kind<number> = {
  expected: "a number above 0 and below 1",
  read: (value, ...at) =>
    (value as number) > 0 && (value as number) < 1 ? NUMBER.read(value, ...at) : undefined,
};

function lineOf(line: JsonObject): LedgerLine {
  const fields = required(line, "fields", OBJECT);
  return {
    time: required(line, "time", TEXT),
    exchange: optional(line, "exchange", COUNT),
    request: optional(line, "request", TEXT),
    request_sha256: optional(line, "request_sha256", SHA256),
    reply: optional(line, "reply", TEXT),
    fields: Object.fromEntries(
      Object.keys(fields.values).map((name) => [name, required(fields, name, SHAPE)]),
    ),
    bytes: required(line, "bytes", COUNT),
    smallest_weight: optional(line, "smallest_weight", SPENT),
    smallest_label_count: optional(line, "smallest_label_count", SPENT),
    mu_squared: optional(line, "mu_squared", SPENT),
    mu_squared_in_all: optional(line, "mu_squared_in_all", SPENT),
    delta: optional(line, "delta", PROBABILITY),
    refused: optional(line, "refused", TEXT),
  };
}
