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
  /**
   * Least number of rows, as sum of weights, behind any number of the reply but for counts of labels; null where nothing
   * of rows is in it.
   */
  smallest_weight: number | null;
  /** Least number of rows that the reply counts by their labels; null where it counts none. */
  smallest_label_count: number | null;
  /**
   * Privacy that the reply spent of its rows when it was drawn, as mu^2 of Gaussian differential privacy: once, however
   * often it is sent; null where nothing has noise.
   */
  mu_squared: number | null;
  /** That the row among them has spent that has spent most: by this reply and all before it, in this run and others. */
  mu_squared_in_all: number | null;
  /** At which whoever holds the rows limits their epsilon. */
  delta: number | null;
  /** Why the client did not answer; null where it did. */
  refused: string | null;
}

/** Of what a number of a reply is at least. */
export interface Fewest {
  readonly weight: number | null;
  readonly labelCount: number | null;
}

/** What a reply with noise has spent. */
export type SpentFields = Pick<LedgerLine, "mu_squared" | "mu_squared_in_all" | "delta">;

/** A line, with its line feed, in few pieces, of which thousands of lines share the first two. */
export function ledgerText(
  asked: string,
  sent: string,
  { weight, labelCount }: Fewest,
  { spent, refused }: { readonly spent: SpentFields | null; readonly refused: string | null },
): string {
  const fewest = `${weight},"smallest_label_count":${labelCount}`;
  const isPlain = spent === null && refused === null;
  return `${asked}${sent}${fewest}${isPlain ? ANSWERED : ending(spent, refused)}`;
}

/** How a line begins. */
export function askedText({ time, exchange, request, request_sha256 }: AskedFields): string {
  return `${JSON.stringify({ schema_version: SCHEMA_VERSION, time, exchange, request, request_sha256 }).slice(0, -1)},`;
}

type AskedFields = Pick<LedgerLine, "time" | "exchange" | "request" | "request_sha256">;

/** How it goes on. */
export function sentText({ reply, fields, bytes }: Pick<LedgerLine, "reply" | "fields" | "bytes">): string {
  return `${JSON.stringify({ reply, fields, bytes }).slice(1, -1)},"smallest_weight":`;
}

function ending(spent: SpentFields | null, refused: string | null): string {
  return `,${JSON.stringify({ ...(spent ?? NOTHING_SPENT), refused }).slice(1)}\n`;
}

const NOTHING_SPENT: SpentFields = { mu_squared: null, mu_squared_in_all: null, delta: null };
const ANSWERED = ending(null, null);
