import { RunError } from "../../../errors.js";
import { allocateFloats } from "../../../numerics/row-memory.js";
import { type ClientRows, cellAdvice } from "../table.js";
import type { CsvOpening } from "./opening.js";
import { placeIn } from "./refusals.js";
import type { CsvScanner } from "./scanner.js";

/** Puts one client's rows together. */
export class RowCollector {
  #values: Float64Array;
  #labels: Int32Array;
  #nRows = 0;
  #problem: RunError | null = null;
  #missingAt: string | null = null;

  /** @param nRows about how many there will be, if that is known */
  constructor(
    private readonly path: string,
    private readonly opening: CsvOpening,
    private readonly features: readonly number[],
    private readonly label: number | null,
    nRows: number | null,
  ) {
    const most = Math.max(nRows ?? 0, 64);
    this.#values = allocateFloats(most * features.length);
    this.#labels = new Int32Array(label === null ? 0 : most);
  }

  add(scanner: CsvScanner, label: number): void {
    if (this.#problem !== null) return;
    const { odd, values: row } = scanner;
    if (odd !== null) {
      this.#problem = this.#oddCell(scanner.line, odd.column, odd.what);
      return;
    }
    const nFeatures = row.length;
    const at = this.#nRows * nFeatures;
    if (
      at + nFeatures > this.#values.length ||
      (this.label !== null && this.#nRows === this.#labels.length)
    ) {
      this.#grow();
    }
    const values = this.#values;
    let isWhole = label >= 0;
    for (let f = 0; f < nFeatures; f++) {
      const value = row[f];
      values[at + f] = value;
      if (Number.isNaN(value)) isWhole = false;
    }
    if (this.label !== null) this.#labels[this.#nRows] = label;
    this.#nRows += 1;
    if (isWhole || this.#missingAt !== null) return;
    const column = this.features[row.findIndex(Number.isNaN)] ?? this.label;
    this.#missingAt = placeIn(this.path, this.opening.header, scanner.line, column);
  }

  rows(texts: readonly string[]): ClientRows {
    const nRows = this.#nRows;
    return {
      values: this.#values.subarray(0, nRows * this.features.length),
      nRows,
      labels: this.label === null ? null : { codes: this.#labels.subarray(0, nRows), texts },
      problem: this.#problem,
      missingAt: this.#missingAt,
    };
  }

  #grow(): void {
    const nRows = Math.ceil(1.5 * this.#nRows) + 64;
    const values = allocateFloats(nRows * this.features.length);
    values.set(this.#values);
    this.#values = values;
    if (this.label === null) return;
    const labels = new Int32Array(nRows);
    labels.set(this.#labels);
    this.#labels = labels;
  }

  #oddCell(line: number, column: number, what: string): RunError {
    const { header } = this.opening;
    const advice = cellAdvice(what, header === null ? null : header[column]);
    return new RunError(`${placeIn(this.path, header, line, column)}: ${what}; ${advice}`);
  }
}
