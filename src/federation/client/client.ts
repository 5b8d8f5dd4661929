import { labelsOfAllRows } from "../../data/partitions/left-out.js";
import type { Partition } from "../../data/partitions/partition.js";
import { npyParts } from "../../directory/npy.js";
import { nameSettingsInFile, RunError } from "../../errors.js";
import { writeAndHash } from "../../files/atomic-write.js";
import type { FileFingerprint } from "../../files/file-hash.js";
import type { Assignment } from "../../numerics/assignment.js";
import type { Matrix } from "../../numerics/matrix.js";
import { openAssignment } from "../../numerics/open-assignment.js";
import type { Transform } from "../../numerics/transform.js";
import { answer } from "../../workflow/answers.js";
import type { LocalData } from "../../workflow/local-data.js";
import { checkMessage, LARGEST_VALUE, type Message } from "../../workflow/message.js";
import { transformOf } from "../../workflow/transform-arrays.js";
import type { ClientRecord } from "../federation.js";
import { ClientLog } from "./client-log.js";
import { LocalRows } from "./local-rows.js";

/** One party of the federation: answers requests about rows that it never hands out. */
export interface Client {
  readonly name: string;
  /** What whoever holds the rows should know of them, one line each; nothing of it leaves a client. */
  readonly notices?: readonly string[];
  answer(request: Message): Message | Promise<Message>;
  /** From now on, keep these records. */
  record(record: ClientRecord): void;
  /** Writes what of the records is not written yet. */
  flush?(): void;
  /** The files it has written, by path, as far as it knows what they hold. */
  written?(): ReadonlyMap<string, FileFingerprint>;
}

/** A client over rows in memory; it answers at once. */
export class LocalClient implements Client, LocalData {
  readonly name: string;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly featureNames: readonly string[] | null;
  readonly labelColumn: string | null;
  readonly notices: readonly string[];
  readonly labels: Int32Array | null;
  readonly classes: readonly string[];
  readonly privacyThreshold: number;
  readonly #rows: LocalRows;
  #assignment: { of: Matrix; k: number; assignment: Assignment } | null = null;
  #log: ClientLog | null = null;
  /** Where the rows are to be kept once they are known; null if they are not, or are there. */
  #rowsFile: string | null = null;
  #labelsFile: string | null = null;
  readonly #written = new Map<string, FileFingerprint>();
  readonly #leftOut: readonly number[];

  /**
   * @param name unique in the federation
   * @param partition the client's rows
   * @param privacyThreshold the client's own minimum number of rows behind a statistic that leaves
   * @param mayOverwrite whether the partition's rows are the client's own, to be standardized where they lie: then
   *   they are in memory once, and of one normalization from then on
   */
  constructor(name: string, partition: Partition, privacyThreshold: number, mayOverwrite = false) {
    this.name = name;
    this.nSamples = partition.rows.nRows;
    this.nFeatures = partition.rows.nColumns;
    this.#rows = new LocalRows(partition.rows, mayOverwrite);
    this.featureNames = partition.featureNames;
    this.labelColumn = partition.labelColumn ?? null;
    this.notices = partition.notices ?? [];
    this.labels = partition.labels;
    this.classes = partition.classes;
    this.privacyThreshold = privacyThreshold;
    this.#leftOut = partition.leftOut ?? [];
  }

  /** Whether the client still has the rows that a request is about. */
  has(request: Message): boolean {
    return this.#rows.has(transformOf(checkMessage(request), this.nFeatures).normalization);
  }

  /** Only while it `has` the rows. */
  answer(request: Message): Message {
    const { kind } = checkMessage(request);
    const reply = this.#answered(request);
    // Where no round asked for the rows as clustered, the evaluation is the first to.
    if (/^(clustering|evaluation)\//.test(request.kind)) this.#recordRows();
    if (kind === "evaluation/fit") this.#recordLabels();
    this.#log?.addSent(reply);
    return reply;
  }

  /** Looked at only once something has failed: to look at all rows takes as long as to add them up. */
  #answered(request: Message): Message {
    try {
      return answer(this, request);
    } catch (error) {
      const isBeyond = this.#rows.last?.data.some((value) => !(Math.abs(value) <= LARGEST_VALUE));
      if (!isBeyond || error instanceof RunError) throw error;
      // Without the number, which is of a row.
      throw new RunError(
        `some of its rows hold numbers beyond ${LARGEST_VALUE}, which cannot be computed with`,
      );
    }
  }

  record(record: ClientRecord): void {
    this.#log = new ClientLog(record.logFile);
    this.#rowsFile = record.rowsFile;
    this.#labelsFile = record.labelsFile;
    this.#log.add(`holds ${this.nSamples} rows of ${this.nFeatures} features`);
    for (const text of this.notices) this.#log.add(nameSettingsInFile(`notice: ${text}`));
  }

  raw(): Matrix {
    return this.#rows.raw();
  }

  transformed(transform: Transform): Matrix {
    return this.#rows.transformed(transform);
  }

  assignment(k: number): Assignment {
    const rows = this.#rows.last ?? this.#rows.raw();
    if (this.#assignment === null || this.#assignment.of !== rows || this.#assignment.k !== k) {
      this.#assignment?.assignment.close();
      const assignment = openAssignment(rows.data, rows.nColumns, k, null);
      this.#assignment = { of: rows, k, assignment };
    }
    return this.#assignment.assignment;
  }

  /** Keeps the rows as clustered, once they are known. */
  #recordRows(): void {
    const rows = this.#rows.last;
    if (this.#rowsFile === null || rows === null) return;
    const parts = npyParts({ data: rows.data, shape: [rows.nRows, rows.nColumns] });
    this.#written.set(this.#rowsFile, writeAndHash(this.#rowsFile, ...parts));
    this.#rowsFile = null;
  }

  /** Keeps which of the final means, which were just evaluated, is nearest to each row. */
  #recordLabels(): void {
    if (this.#labelsFile === null || this.#assignment === null) return;
    const labels = labelsOfAllRows(this.#assignment.assignment.labels, this.#leftOut);
    const parts = npyParts({ data: labels, shape: [labels.length] });
    this.#written.set(this.#labelsFile, writeAndHash(this.#labelsFile, ...parts));
  }

  flush(): void {
    this.#log?.flush();
  }

  written(): ReadonlyMap<string, FileFingerprint> {
    const log = this.#log?.fingerprint() ?? null;
    if (log !== null) this.#written.set(this.#log!.file, log);
    return this.#written;
  }
}
