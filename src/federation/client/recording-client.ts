import { labelsOfAllRows } from "../../data/partitions/left-out.js";
import type { Partition } from "../../data/partitions/partition.js";
import { npyParts } from "../../directory/npy.js";
import { nameSettingsInFile } from "../../errors.js";
import { writeAndHash } from "../../files/atomic-write.js";
import type { FileFingerprint } from "../../files/file-hash.js";
import type { Message } from "../../workflow/message.js";
import type { ClientRecord } from "../federation.js";
import { type Client, LocalClient } from "./client.js";
import { ClientLog } from "./client-log.js";

/** A client on this machine, which can keep records of what it does. */
export interface SimulatedClient extends Client {
  /** From now on, keep these records. */
  record(record: ClientRecord): void;
  /** Writes what of the records is not written yet. */
  flush(): void;
  /** The files it has written, by path, as far as it knows what they hold. */
  written(): ReadonlyMap<string, FileFingerprint>;
}

/** A client over rows in memory that writes its own records. */
export class RecordingClient extends LocalClient implements SimulatedClient {
  #log: ClientLog | null = null;
  /** Where the rows are to be kept once they are known; null if they are not, or are there. */
  #rowsFile: string | null = null;
  #labelsFile: string | null = null;
  readonly #written = new Map<string, FileFingerprint>();
  readonly #leftOut: readonly number[];

  /** As `LocalClient`. */
  constructor(name: string, partition: Partition, privacyThreshold: number, mayOverwrite = false) {
    super(name, partition, privacyThreshold, mayOverwrite);
    this.#leftOut = partition.leftOut ?? [];
  }

  override answer(request: Message): Message {
    const reply = super.answer(request);
    // Where no round asked for the rows as clustered, the evaluation is the first to.
    if (/^(clustering|evaluation)\//.test(request.kind)) this.#recordRows();
    if (request.kind === "evaluation/fit") this.#recordLabels();
    this.#log?.addSent(reply);
    return reply;
  }

  record(record: ClientRecord): void {
    this.#log = new ClientLog(record.logFile);
    this.#rowsFile = record.rowsFile;
    this.#labelsFile = record.labelsFile;
    this.#log.add(`holds ${this.nSamples} rows of ${this.nFeatures} features`);
    for (const text of this.notices) this.#log.add(nameSettingsInFile(`notice: ${text}`));
  }

  /** Keeps the rows as clustered, once they are known. */
  #recordRows(): void {
    const rows = this.lastRows;
    if (this.#rowsFile === null || rows === null) return;
    const parts = npyParts({ data: rows.data, shape: [rows.nRows, rows.nColumns] });
    this.#written.set(this.#rowsFile, writeAndHash(this.#rowsFile, ...parts));
    this.#rowsFile = null;
  }

  /** Keeps which of the final means, which were just evaluated, is nearest to each row. */
  #recordLabels(): void {
    const nearest = this.lastLabels;
    if (this.#labelsFile === null || nearest === null) return;
    const labels = labelsOfAllRows(nearest, this.#leftOut);
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
