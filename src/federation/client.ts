import { appendFileSync } from "node:fs";
import { writeFileAtomically } from "../data/atomic-write.js";
import { npyParts } from "../data/npy.js";
import type { Partition } from "../data/partition.js";
import { RunError } from "../errors.js";
import type { Assignment } from "../numerics/assignment.js";
import type { Matrix } from "../numerics/matrix.js";
import { openAssignment } from "../numerics/open-assignment.js";
import type { Transform } from "../numerics/transform.js";
import { answerStarts, answerSummary } from "../workflow/best-lloyd.js";
import { answerStart, answerUpdate } from "../workflow/clustering.js";
import { answerDispersion, answerFit } from "../workflow/evaluation.js";
import { answerHandshake } from "../workflow/handshake.js";
import { answerKFed } from "../workflow/k-fed.js";
import type { LocalData } from "../workflow/local-data.js";
import type { Message } from "../workflow/message.js";
import { answerMoments } from "../workflow/normalization.js";
import { answerScatter } from "../workflow/pca.js";
import { transformOf } from "../workflow/transform-arrays.js";
import type { ClientRecord } from "./federation.js";
import { LocalRows } from "./local-rows.js";

/** One party of the federation: answers requests about rows that it never hands out. */
export interface Client {
  readonly name: string;
  answer(request: Message): Message | Promise<Message>;
  /** From now on, keep these records. */
  record(record: ClientRecord): void;
  /** Writes what of the records is not written yet. */
  flush?(): void;
}

/** Every request a client knows; it answers no other. */
const ANSWERS: Readonly<Record<string, (local: LocalData, request: Message) => Message>> = {
  handshake: answerHandshake,
  "normalization/moments": answerMoments,
  "pca/scatter": answerScatter,
  "clustering/start": answerStart,
  "clustering/update": answerUpdate,
  "clustering/summary": answerSummary,
  "clustering/starts": answerStarts,
  "clustering/k-fed": answerKFed,
  "evaluation/fit": answerFit,
  "evaluation/dispersion": answerDispersion,
};

/** Milliseconds after which a client writes its log unasked: one of thousands should not do so for every line. */
const LOG_INTERVAL = 30_000;

/** A client over rows in memory; it answers at once. */
export class LocalClient implements Client, LocalData {
  readonly name: string;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly featureNames: readonly string[] | null;
  readonly labels: Int32Array | null;
  readonly classes: readonly string[];
  readonly privacyThreshold: number;
  readonly #rows: LocalRows;
  #assignment: { of: Matrix; k: number; assignment: Assignment } | null = null;
  #record: ClientRecord | null = null;
  #rowsRecorded = false;
  #unwritten = "";
  #written = 0;

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
    this.labels = partition.labels;
    this.classes = partition.classes;
    this.privacyThreshold = privacyThreshold;
  }

  /** Whether the client still has the rows that a request is about. */
  has(request: Message): boolean {
    return this.#rows.has(transformOf(request, this.nFeatures).normalization);
  }

  /** Only while it `has` the rows. */
  answer(request: Message): Message {
    const answer = Object.hasOwn(ANSWERS, request.kind) ? ANSWERS[request.kind] : undefined;
    if (answer === undefined) throw new RunError(`unknown request "${request.kind}"`);
    const reply = answer(this, request);
    if (request.kind.startsWith("clustering/")) this.#recordRows();
    this.#log(`sent ${describe(reply)}`);
    return reply;
  }

  record(record: ClientRecord): void {
    this.#record = record;
    this.#rowsRecorded = false;
    this.#written = performance.now();
    this.#log(`holds ${this.nSamples} rows of ${this.nFeatures} features`);
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
    const rowsFile = this.#record?.rowsFile ?? null;
    const rows = this.#rows.last;
    if (rowsFile === null || this.#rowsRecorded || rows === null) return;
    writeFileAtomically(rowsFile, ...npyParts({ data: rows.data, shape: [rows.nRows, rows.nColumns] }));
    this.#rowsRecorded = true;
  }

  flush(): void {
    if (this.#record === null || this.#unwritten === "") return;
    appendFileSync(this.#record.logFile, this.#unwritten);
    this.#unwritten = "";
    this.#written = performance.now();
  }

  #log(line: string): void {
    if (this.#record === null) return;
    this.#unwritten += stamped(line);
    if (performance.now() - this.#written > LOG_INTERVAL) this.flush();
  }
}

let lastStamped = { time: 0, line: "", text: "" };

/** The line of a log. Thousands of clients write the same within milliseconds: they share one text. */
function stamped(line: string): string {
  const time = Date.now();
  if (lastStamped.time !== time || lastStamped.line !== line) {
    lastStamped = { time, line, text: `${new Date(time).toISOString()} ${line}\n` };
  }
  return lastStamped.text;
}

function describe(message: Message): string {
  const arrays = Object.entries(message.arrays).map(([name, array]) => `${name} (${array.shape.join(", ")})`);
  const scalars = Object.keys(message.scalars);
  return `${message.kind}: ${[...scalars, ...arrays].join(", ")}`;
}
