import { epsilonOf } from "../privacy/gaussian-account.js";
import { findLedgers, readLedger } from "./read-ledger.js";

/** What one client was asked by one kind of request, and what of it left. */
export interface LedgerRow {
  client: string;
  /** Kind of request, e.g. "clustering/update"; "no message" of what was none. */
  request: string;
  /** How often it was asked. */
  messages: number;
  /** Of the replies' numbers and texts, together. */
  bytes: number;
  /** Least number of rows, as sum of weights, behind any number that left but for counts of labels; null where nothing of rows did. */
  smallestWeight: number | null;
  /** Least number of rows that a count of labels which left is of; null where none did. */
  smallestLabelCount: number | null;
  /** Privacy that the replies spent of their rows, together, at `delta`, from above; absent where none has noise. */
  epsilon?: number;
  /** That the rows had spent with the last of them, in this run and all before it; absent, too. */
  epsilonInAll?: number;
  delta?: number;
  /** How many were refused. */
  refused: number;
  /** Why, each reason once. */
  reasons: string[];
}

/** The same, with what the replies were made of. */
export interface LedgerTotals extends LedgerRow {
  /** Numbers, truth values and texts of the replies, together. */
  values: number;
  /** Of each field of the replies, by name, how small and how large it was in each direction: [] of a single value. */
  fields: Map<string, FieldShape>;
}

/** Lengths of a field, direction by direction, over several messages. */
export interface FieldShape {
  least: readonly number[];
  most: readonly number[];
}

/**
 * Sums up the ledgers of a folder: a row a client and kind of request, in the order in which they were first asked.
 *
 * @param directory an experiment directory, or a folder of ledgers
 * @throws RunError if there is no ledger, or one is not as it should be
 */
export function summarizeLedgers(directory: string): LedgerRow[] {
  return totalsOfLedgers(directory).map(({ values: _, fields: __, ...row }) => row);
}

/** @throws as `summarizeLedgers` */
export function totalsOfLedgers(directory: string): LedgerTotals[] {
  return findLedgers(directory).flatMap(({ client, path }) => {
    const rows = new Map<string, LedgerTotals>();
    const spent = new Map<LedgerTotals, Spent>();
    const drawn = new Set<string | null>();
    for (const line of readLedger(path)) {
      const request = line.request ?? "no message";
      const row = rows.get(request) ?? empty(client, request);
      rows.set(request, row);
      row.messages += 1;
      row.bytes += line.bytes;
      row.smallestWeight = lesser(row.smallestWeight, line.smallest_weight);
      row.smallestLabelCount = lesser(row.smallestLabelCount, line.smallest_label_count);
      for (const [name, shape] of Object.entries(line.fields)) {
        row.values += shape.reduce((product, length) => product * length, 1);
        row.fields.set(name, covering(row.fields.get(name), { least: shape, most: shape }));
      }
      if (line.mu_squared !== null && line.delta !== null) {
        const { mu2 = 0, inAll = 0 } = spent.get(row) ?? {};
        // A run that was gone on with has asked some of its questions twice, whose replies were stored.
        const more = drawn.has(line.request_sha256) ? 0 : line.mu_squared;
        drawn.add(line.request_sha256);
        const all = Math.max(inAll, line.mu_squared_in_all ?? 0);
        spent.set(row, { mu2: mu2 + more, inAll: all, delta: line.delta });
      }
      if (line.refused === null) continue;
      row.refused += 1;
      if (!row.reasons.includes(line.refused)) row.reasons.push(line.refused);
    }
    for (const [row, of] of spent) Object.assign(row, epsilonsOf(of));
    return [...rows.values()];
  });
}

/** As mu^2, at a delta. */
interface Spent {
  readonly mu2: number;
  readonly inAll: number;
  readonly delta: number;
}

function epsilonsOf({ mu2, inAll, delta }: Spent): Pick<LedgerRow, "epsilon" | "epsilonInAll" | "delta"> {
  const epsilon = epsilonOf(Math.sqrt(mu2), delta);
  return { epsilon, epsilonInAll: inAll === mu2 ? epsilon : epsilonOf(Math.sqrt(inAll), delta), delta };
}

function empty(client: string, request: string): LedgerTotals {
  const nothing = { messages: 0, bytes: 0, smallestWeight: null, smallestLabelCount: null };
  return { client, request, ...nothing, refused: 0, reasons: [], values: 0, fields: new Map() };
}

/** A shape that both are within, where they have as many directions; else the other. */
export function covering(one: FieldShape | undefined, other: FieldShape): FieldShape {
  if (one === undefined || one.least.length !== other.least.length) return other;
  return {
    least: one.least.map((length, i) => Math.min(length, other.least[i])),
    most: one.most.map((length, i) => Math.max(length, other.most[i])),
  };
}

/** The lesser of two sums of weights, each of which may be of nothing. */
export function lesser(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
