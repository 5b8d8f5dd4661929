import { labelsOfAllRows } from "../../data/partitions/left-out.js";
import type { Partition } from "../../data/partitions/partition.js";
import { npyParts } from "../../directory/npy.js";
import { messageOf, nameSettingsInFile } from "../../errors.js";
import { writeAndHash } from "../../files/atomic-write.js";
import type { FileFingerprint } from "../../files/file-hash.js";
import type { Policy } from "../../privacy/policy.js";
import { smallestLabelCount, smallestWeight } from "../../workflow/answers.js";
import type { Message } from "../../workflow/message.js";
import type { ClientRecord } from "../federation.js";
import { bothClients } from "./both-clients.js";
import type { Client, LocalClient } from "./client.js";
import { ClientLog } from "./client-log.js";
import { GrowingFile } from "./growing-file.js";
import { ledgerLine, type Outcome } from "./ledger-line.js";

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
  readonly #points: LocalClient;
  /** The same where each row is a point. */
  readonly #rows: LocalClient;
  #log: ClientLog | null = null;
  #ledger: GrowingFile | null = null;
  /** Of the handshake, after which a client is told where to keep records; null without one, or once it is kept. */
  #handshakeLine: string | null = null;
  #record: ClientRecord | null = null;
  /** Whether the rows are where they are to be kept. */
  #hasRows = false;
  readonly #written = new Map<string, FileFingerprint>();
  readonly #leftOut: readonly number[];

  /**
   * @param mayOverwrite whether the partition's rows are the client's own, to be standardized where they lie: then they
   *   are in memory once, and of one normalization from then on
   */
  constructor(name: string, partition: Partition, policy: Policy, mayOverwrite = false) {
    this.name = name;
    const { points, rows, notices } = bothClients(name, partition, policy, mayOverwrite);
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
    // Where no round asked for the points as clustered, the evaluation is the first to.
    if (/^(clustering|evaluation)\//.test(request.kind)) this.#recordRows();
    if (request.kind === "evaluation/fit" && this.#rows === this.#points) this.#recordLabels();
    this.#log?.addSent(reply);
    return reply;
  }

  answerOfRows(request: Message): Message {
    const reply = this.#rows.answer(request);
    if (request.kind === "evaluation/fit") {
      this.#recordRows();
      this.#recordLabels();
    }
    return reply;
  }

  #answer(request: Message): Message {
    try {
      const reply = this.#points.answer(request);
      this.#enter(request, () => ({
        reply,
        fewest: {
          weight: smallestWeight(this.#points.local, request, reply),
          labelCount: smallestLabelCount(reply),
        },
      }));
      return reply;
    } catch (error) {
      this.enterRefusal(request, error);
      throw error;
    }
  }

  /** Enters in the ledger that a request had no answer, and why. */
  enterRefusal(request: Message, error: unknown): void {
    this.#enter(request, () => ({ refused: nameSettingsInFile(messageOf(error)) }));
  }

  /** Notes in the log why rows could not be read, which does not leave. */
  logUnreadable(reason: string): void {
    this.#log?.add(nameSettingsInFile(`cannot read its rows: ${reason}`));
  }

  /** Enters what became of a request in the ledger, before anyone knows of it. */
  #enter(request: Message, outcome: () => Outcome): void {
    if (this.#ledger !== null) this.#ledger.add(ledgerLine(request, outcome()));
    else if (request?.kind === "handshake") this.#handshakeLine = ledgerLine(request, outcome());
  }

  record(record: ClientRecord): void {
    this.#log = new ClientLog(record.logFile);
    this.#ledger = record.ledgerFile === null ? null : new GrowingFile(record.ledgerFile);
    if (this.#handshakeLine !== null) this.#ledger?.add(this.#handshakeLine);
    this.#handshakeLine = null;
    this.#record = record;
    this.#hasRows = false;
    const { nSamples, nFeatures } = this.#rows;
    this.#log.add(`holds ${nSamples} rows of ${nFeatures} features`);
    for (const text of this.notices) this.#log.add(nameSettingsInFile(`notice: ${text}`));
  }

  /** Keeps the points, and the rows, as clustered, once they are known. */
  #recordRows(): void {
    const { weights, lastPoints: points } = this.#points;
    if (this.#record === null || this.#hasRows) return;
    const { rowsFile, pointsFiles } = this.#record;
    if (pointsFiles !== null && weights !== null && points !== null) {
      if (!this.#written.has(pointsFiles.points)) {
        this.#write(pointsFiles.points, points.data, points.nRows, points.nColumns);
        this.#write(pointsFiles.weights, weights, weights.length);
      }
    }
    const rows = this.#rows.lastPoints;
    if (rowsFile === null || rows === null) return;
    this.#write(rowsFile, rows.data, rows.nRows, rows.nColumns);
    this.#hasRows = true;
  }

  /** Keeps which of the final means, which were just evaluated, is nearest to each row. */
  #recordLabels(): void {
    const nearest = this.#rows.lastLabels;
    const file = this.#record?.labelsFile ?? null;
    if (file === null || nearest === null) return;
    const labels = labelsOfAllRows(nearest, this.#leftOut);
    this.#write(file, labels, labels.length);
  }

  #write(file: string, data: Float64Array | Int32Array, ...shape: number[]): void {
    this.#written.set(file, writeAndHash(file, ...npyParts({ data, shape })));
  }

  flush(): void {
    this.#log?.flush();
    this.#ledger?.flush();
  }

  written(): ReadonlyMap<string, FileFingerprint> {
    for (const file of [this.#log, this.#ledger]) {
      const fingerprint = file?.fingerprint() ?? null;
      if (fingerprint !== null) this.#written.set(file!.file, fingerprint);
    }
    return this.#written;
  }
}
