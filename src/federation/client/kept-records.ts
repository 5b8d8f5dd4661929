import { existsSync } from "node:fs";
import { npyParts } from "../../directory/npy.js";
import { nameSettingsInFile } from "../../errors.js";
import { writeAndHash } from "../../files/atomic-write.js";
import type { FileFingerprint } from "../../files/file-hash.js";
import type { Matrix } from "../../numerics/matrix.js";
import { smallestLabelCount, smallestWeight } from "../../workflow/answers.js";
import type { Message } from "../../workflow/message.js";
import type { ClientRecord } from "../federation.js";
import type { AnsweringClient, SpentOfLimit } from "./answering-client.js";
import { epsilonText } from "./budget/epsilon-text.js";
import { ClientLog } from "./client-log.js";
import { GrowingFile } from "./growing-file.js";
import { ledgerLine, type Outcome } from "./ledger-line.js";

/** The records of one client of one run, as it writes them on its side. */
export class KeptRecords {
  readonly #record: ClientRecord;
  readonly #isFirstKept: boolean;
  readonly #log: ClientLog;
  readonly #ledger: GrowingFile | null;
  readonly #written = new Map<string, FileFingerprint>();

  /** @param isFirstKept whether points and rows stay that another process kept of the run before */
  constructor(record: ClientRecord, isFirstKept = false) {
    this.#record = record;
    this.#isFirstKept = isFirstKept;
    this.#log = new ClientLog(record.logFile);
    this.#ledger = record.ledgerFile === null ? null : new GrowingFile(record.ledgerFile);
  }

  /** @param line names settings by `theSetting` */
  log(line: string): void {
    this.#log.add(nameSettingsInFile(line));
  }

  logHeld({ nSamples, nFeatures }: AnsweringClient, notices: readonly string[]): void {
    this.#log.add(`holds ${nSamples} rows of ${nFeatures} features`);
    for (const text of notices) this.log(`notice: ${text}`);
  }

  /** @param client whose last answer it is */
  logSent(reply: Message, { spent }: Pick<AnsweringClient, "spent">): void {
    this.#log.addSent(reply);
    if (spent !== null) this.log(spentText(spent));
  }

  /** @param line of the ledger, of which there may be none */
  enter(line: () => string): void {
    this.#ledger?.add(line());
  }

  /** Keeps the points that stand for rows, as they were last transformed, once they are. */
  keepPoints({ weights, lastPoints: points }: AnsweringClient): void {
    const { pointsFiles } = this.#record;
    if (pointsFiles === null || weights === null || points === null || this.#has(pointsFiles.points)) return;
    this.#write(pointsFiles.weights, weights, weights.length);
    this.#write(pointsFiles.points, points.data, points.nRows, points.nColumns);
  }

  /** Keeps the rows as they were last transformed, once they are. */
  keepRows({ lastPoints: rows }: { readonly lastPoints: Matrix | null }): void {
    const { rowsFile } = this.#record;
    if (rowsFile === null || rows === null || this.#has(rowsFile)) return;
    this.#write(rowsFile, rows.data, rows.nRows, rows.nColumns);
  }

  /** Keeps which of the final means is nearest to each row. */
  keepLabels(labels: Int32Array): void {
    const { labelsFile } = this.#record;
    if (labelsFile !== null) this.#write(labelsFile, labels, labels.length);
  }

  flush(): void {
    this.#log.flush();
    this.#ledger?.flush();
  }

  /** The files it has written, by path, as far as it knows what they hold. */
  written(): ReadonlyMap<string, FileFingerprint> {
    for (const file of [this.#log, this.#ledger]) {
      const fingerprint = file?.fingerprint() ?? null;
      if (fingerprint !== null) this.#written.set(file!.file, fingerprint);
    }
    return this.#written;
  }

  #has(file: string): boolean {
    return this.#written.has(file) || (this.#isFirstKept && existsSync(file));
  }

  #write(file: string, data: Float64Array | Int32Array, ...shape: number[]): void {
    this.#written.set(file, writeAndHash(file, ...npyParts({ data, shape })));
  }
}

function spentText({ mu2, inAll, wasStored, delta }: SpentOfLimit): string {
  if (wasStored) return "spent nothing: the reply was stored";
  return `spent epsilon ${epsilonText(mu2, delta)}; its rows have spent ${epsilonText(inAll, delta)} in all, at delta ${delta}`;
}

/** The ledger's line of a request that was answered, as the last by this client. */
export function answeredLine(client: AnsweringClient, request: Message, reply: Message): string {
  const { spent } = client;
  const outcome: Outcome = {
    reply,
    fewest: {
      weight: smallestWeight(client.local, request, reply),
      labelCount: smallestLabelCount(reply),
    },
    spent: spent && { mu_squared: spent.mu2, mu_squared_in_all: spent.inAll, delta: spent.delta },
  };
  return ledgerLine(request, outcome);
}

/** The ledger's line of a request that was refused. */
export function refusedLine(request: unknown, reason: string): string {
  return ledgerLine(request, { refused: nameSettingsInFile(reason) });
}

/** Whether an answer looks at the points as clustered: where no round asked for them, the evaluation is the first to. */
export function isOfClustered({ kind }: Message): boolean {
  return /^(clustering|evaluation)\//.test(kind);
}
