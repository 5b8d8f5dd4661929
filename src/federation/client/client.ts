import type { Partition } from "../../data/partitions/partition.js";
import { RunError } from "../../errors.js";
import type { Assignment } from "../../numerics/assignment.js";
import type { Matrix } from "../../numerics/matrix.js";
import { openAssignment } from "../../numerics/open-assignment.js";
import type { Transform } from "../../numerics/transform.js";
import { answer } from "../../workflow/answers.js";
import type { LocalData } from "../../workflow/local-data.js";
import { checkMessage, LARGEST_VALUE, type Message } from "../../workflow/message.js";
import { transformOf } from "../../workflow/transform/arrays.js";
import { LocalRows } from "./local-rows.js";

/** One party of the federation: answers requests about rows that it never hands out. */
export interface Client {
  readonly name: string;
  /** What whoever holds the rows should know of them, one line each; nothing of it leaves a client. */
  readonly notices?: readonly string[];
  answer(request: Message): Message | Promise<Message>;
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
  }

  /** Whether the client still has the rows that a request is about. */
  has(request: Message): boolean {
    return this.#rows.has(transformOf(checkMessage(request), this.nFeatures).normalization);
  }

  /** Only while it `has` the rows. */
  answer(request: Message): Message {
    try {
      return answer(this, checkMessage(request));
    } catch (error) {
      // Looked at only once something has failed: to look at all rows takes as long as to add them up.
      const isBeyond = () => this.#rows.last?.data.some((value) => !(Math.abs(value) <= LARGEST_VALUE));
      if (error instanceof RunError || !isBeyond()) throw error;
      // Without the number, which is of a row.
      throw new RunError(
        `some of its rows hold numbers beyond ${LARGEST_VALUE}, which cannot be computed with`,
      );
    }
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

  /** (n, p) the rows as they were last transformed; null before the first time. */
  protected get lastRows(): Matrix | null {
    return this.#rows.last;
  }

  /** (n,) which of the means that were asked about last is nearest to each row; null before any were. */
  protected get lastLabels(): Int32Array | null {
    return this.#assignment?.assignment.labels ?? null;
  }
}
