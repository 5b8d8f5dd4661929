import { SCHEMA_VERSION } from "./layout.js";

/** One message in a client's ledger: what it was asked, and what of it left. A line of a `.jsonl` file. */
export interface LedgerLine {
  /** When the client had its answer, ISO 8601. */
  time: string;
  /** Number of the exchange within the run; null outside a run. */
  exchange: number | null;
  /** Kind of the request; null where it was no message at all. */
  request: string | null;
  /** Of the request's canonical bytes, hexadecimal; null where it was no message at all. */
  request_sha256: string | null;
  /** Kind of the reply; null where the request was refused. */
  reply: string | null;
  /** Shape of each field of the reply, by name: [] of a number, a truth value or a text, [n] of n texts. */
  fields: Record<string, readonly number[]>;
  /** Of the reply's numbers and texts, without what a carrier adds. */
  bytes: number;
  /** Least number of rows, as sum of weights, behind any number of the reply; null where nothing of rows is in it. */
  smallest_weight: number | null;
  /** Privacy loss of this message and of all so far; null where the client keeps no account of it. */
  epsilon: number | null;
  epsilon_in_all: number | null;
  /** Why the client did not answer; null where it did. */
  refused: string | null;
}

/** What a line is written from: what thousands of lines share is text. */
interface Entry {
  readonly time: string;
  /** `exchange`, `request` and `request_sha256`, as `fieldsText` has them. */
  readonly asked: string;
  readonly reply: string | null;
  /** `fields`, in JSON. */
  readonly shapes: string;
  readonly bytes: number;
  readonly smallestWeight: number | null;
  readonly refused: string | null;
}

/** A line, with its line feed. */
export function ledgerText({ time, asked, reply, shapes, bytes, smallestWeight, refused }: Entry): string {
  return (
    `{"schema_version":${SCHEMA_VERSION},"time":"${time}",${asked},"reply":${JSON.stringify(reply)},` +
    `"fields":${shapes},"bytes":${bytes},"smallest_weight":${smallestWeight},` +
    `"epsilon":null,"epsilon_in_all":null,"refused":${refused === null ? "null" : JSON.stringify(refused)}}\n`
  );
}

/** Some fields of a line, without the braces. */
export function fieldsText(fields: Partial<LedgerLine>): string {
  return JSON.stringify(fields).slice(1, -1);
}
