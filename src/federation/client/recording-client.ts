import { labelsOfAllRows } from "../../data/partitions/left-out.js";
import type { Partition } from "../../data/partitions/partition.js";
import { messageOf, RunError } from "../../errors.js";
import type { FileFingerprint } from "../../files/file-hash.js";
import type { Policy } from "../../privacy/policy.js";
import type { Message } from "../../workflow/message.js";
import type { ClientRecord } from "../federation.js";
import type { AnsweringClient } from "./answering-client.js";
import { bothClients } from "./both-clients.js";
import type { Client, LocalClient } from "./client.js";
import { answeredLine, isOfClustered, KeptRecords, refusedLine } from "./kept-records.js";
import type { PrivateClient } from "./private-client.js";
import { privateClients } from "./private-clients.js";
import { Refusal } from "./refusal.js";

/** A client on this machine, which can keep records of what it does. */
export interface SimulatedClient extends Client {
  /**
   * Why it could not read its rows for the last request: for whoever holds them, as it may quote a cell. null where it
   * could.
   */
  unreadable?(): string | null;
  /** As `answer`, of its rows: what only whoever holds all of them may ask. */
  answerOfRows(request: Message): Message | Promise<Message>;
  /** From now on, keep these records. */
  record(record: ClientRecord): void;
  /** Writes what of the records is not written yet. */
  flush(): void;
  /** The files it has written, by path, as far as it knows what they hold. */
  written(): ReadonlyMap<string, FileFingerprint>;
}

/**
 * A client over rows in memory that writes its own records. It answers a server from what stands for its rows; what only
 * a simulation asks, from the rows.
 */
export class RecordingClient implements SimulatedClient {
  readonly name: string;
  readonly notices: readonly string[];
  readonly #points: AnsweringClient;
  /** The same under differential privacy; null else. */
  readonly #private: PrivateClient | null;
  /** The same where each row is a point. */
  readonly #rows: LocalClient;
  #records: KeptRecords | null = null;
  /** Of the handshake, after which a client is told where to keep records; null without one, or once it is kept. */
  #handshakeLine: string | null = null;
  readonly #leftOut: readonly number[];

  /**
   * @param mayOverwrite whether the partition's rows are the client's own, to be standardized where they lie: then they
   *   are in memory once, and of one normalization from then on
   */
  constructor(name: string, partition: Partition, policy: Policy, mayOverwrite = false) {
    this.name = name;
    const { privately } = policy;
    const both = privately === null ? null : privateClients(name, partition, policy, privately);
    const { points, rows, notices } = both ?? bothClients(name, partition, policy, mayOverwrite);
    this.#private = both?.points ?? null;
    this.notices = notices;
    this.#points = points;
    this.#rows = rows;
    this.#leftOut = partition.leftOut ?? [];
  }

  has(request: Message): boolean {
    return this.#points.has(request);
  }

  hasRows(request: Message): boolean {
    return this.#rows.has(request);
  }

  answer(request: Message): Message {
    const reply = this.#answer(request);
    if (isOfClustered(request)) this.#keepClustered();
    if (request.kind === "evaluation/fit" && this.#rows === this.#points) this.#keepLabels();
    this.#records?.logSent(reply, this.#points);
    return reply;
  }

  answerOfRows(request: Message): Message {
    const reply = this.#rows.answer(request);
    if (request.kind === "evaluation/fit") {
      this.#keepClustered();
      this.#keepLabels();
    }
    return reply;
  }

  #answer(request: Message): Message {
    try {
      const reply = this.#points.answer(request);
      this.#enter(request, () => answeredLine(this.#points, request, reply));
      return reply;
    } catch (error) {
      this.enterRefusal(request, error);
      // In a simulation whoever is told owns the rows.
      throw error instanceof Refusal ? new RunError(error.reason) : error;
    }
  }

  /** Enters in the ledger that a request had no answer, and why. */
  enterRefusal(request: Message, error: unknown): void {
    this.#enter(request, () => refusedLine(request, messageOf(error)));
  }

  /** Notes in the log why rows could not be read, which does not leave. */
  logUnreadable(reason: string): void {
    this.#records?.log(`cannot read its rows: ${reason}`);
  }

  /** Enters what became of a request in the ledger, before anyone knows of it. */
  #enter(request: Message, line: () => string): void {
    if (this.#records !== null) this.#records.enter(line);
    else if (request?.kind === "handshake") this.#handshakeLine = line();
  }

  record(record: ClientRecord): void {
    const records = new KeptRecords(record);
    const first = this.#handshakeLine;
    if (first !== null) records.enter(() => first);
    this.#handshakeLine = null;
    records.logHeld(this.#rows, this.notices);
    if (record.budget) this.#private?.spendOf(record.budget);
    this.#records = records;
  }

  #keepClustered(): void {
    this.#records?.keepPoints(this.#points);
    this.#records?.keepRows(this.#rows);
  }

  #keepLabels(): void {
    const nearest = this.#rows.lastLabels;
    if (nearest !== null) this.#records?.keepLabels(labelsOfAllRows(nearest, this.#leftOut));
  }

  flush(): void {
    this.#records?.flush();
  }

  written(): ReadonlyMap<string, FileFingerprint> {
    return this.#records?.written() ?? new Map();
  }
}
