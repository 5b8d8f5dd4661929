import type { Stability } from "../directory/read-stability.js";
import type { DeploymentRecord, Provenance } from "../directory/summary.js";
import type { Federation } from "../federation/federation.js";
import type { RunEvent } from "../federation/run-event.js";
import type { FileFingerprint } from "../files/file-hash.js";
import type { Agreement } from "../workflow/agreement.js";
import type { Notice } from "../workflow/notice.js";
import { recordClients } from "./client-records.js";
import { createExperimentDirectory } from "./new-directory.js";
import type { Fingerprint } from "./partitions.js";
import { type RunResult, resultOf } from "./result.js";
import { type Earlier, RunSummary } from "./run-summary.js";
import { serverLogLines } from "./server-log.js";
import type { Configuration } from "./settings.js";
import type { Twin } from "./twin.js";
import { ExperimentWriter } from "./writer.js";

/** Turns the events of a run into its experiment directory and its result. */
export class ExperimentLog {
  readonly #configuration: Configuration;
  readonly #federation: Federation;
  readonly #carrier: string;
  readonly #summary: RunSummary;
  #directory: string | null;
  #writer: ExperimentWriter | null = null;
  #agreement: Agreement | null = null;
  #evaluation: Extract<RunEvent, { type: "evaluation" }> | null = null;
  #twin: Twin | null = null;
  #stability: Stability | null = null;
  readonly #notices: Notice[] = [];
  #isComplete = false;

  /**
   * @param deployment how clients on other machines are reached; null of a simulation
   * @param provenance how the run is made
   * @param earlier what an attempt that was cut short left to go on from; null makes a new directory after the handshake
   */
  constructor(
    configuration: Configuration,
    federation: Federation,
    deployment: DeploymentRecord | null,
    provenance: Provenance,
    earlier: Earlier | null,
  ) {
    this.#configuration = configuration;
    this.#federation = federation;
    this.#carrier = deployment?.carrier ?? configuration.carrier;
    this.#summary = new RunSummary(configuration, deployment, provenance, earlier);
    this.#directory = earlier?.directory ?? null;
  }

  write(event: RunEvent): void {
    // A round that cannot be written is none of the run's.
    if (event.type === "round") this.#writer?.writeRound(event.round);
    this.#summary.add(event);
    if (event.type === "handshake") this.#open(event.agreement);
    else if (event.type === "notice") this.#notices.push(event.notice);
    else if (event.type === "normalization") this.#writer?.writeNormalization(event.normalization);
    else if (event.type === "pca") this.#writer?.writePca(event.pca);
    else if (event.type === "evaluation") {
      this.#evaluation = event;
      this.#writer?.writeEvaluation(event);
    }
    const { threads } = this.#configuration;
    const featureNames = this.#agreement?.featureNames ?? null;
    this.#writer?.log(...serverLogLines(event, { carrier: this.#carrier, threads }, featureNames));
  }

  #open(agreement: Agreement): void {
    const { logDir, recordLocalMeans } = this.#configuration;
    this.#agreement = agreement;
    this.#directory ??= createExperimentDirectory(logDir, this.#summary.written);
    this.#writer = new ExperimentWriter(this.#directory, this.#federation.clients, recordLocalMeans);
    this.#writer.writeSummary(this.#summary.written);
    // Of whatever name and place the directory is, when it is gone on with.
    const run = `${this.#summary.written.started}`;
    recordClients(this.#federation, this.#writer.layout, this.#configuration, run);
  }

  /**
   * Marks the directory as completed; to be called last, once the federation is closed.
   *
   * @param written what the clients wrote, by path, as far as it is known
   */
  complete(written: ReadonlyMap<string, FileFingerprint>): void {
    const summary = this.#summary.written;
    summary.status = "completed";
    summary.finished = new Date().toISOString();
    this.#writer?.log(`completed: ${summary.results!.rounds} rounds; ${summary.results!.ended}`);
    this.#writer?.complete(summary, written);
    this.#isComplete = true;
  }

  /** To be called before the handshake is written, where the clients' data are on this machine. */
  identify(fingerprints: readonly Fingerprint[]): void {
    this.#summary.identify(fingerprints);
  }

  /** The experiment directory; null until the handshake of a new run is written. */
  get directory(): string | null {
    return this.#directory;
  }

  /** To be called before the evaluation, with which the directory is complete. */
  addTwin(twin: Twin): void {
    this.#twin = twin;
    this.#writer?.writeTwin(twin);
  }

  /** To be called before the evaluation, too. */
  addStability(stability: Stability): void {
    this.#stability = stability;
    this.#writer?.writeStability(stability);
  }

  /** Recorded rows of every client, in client order; null where they are not recorded. */
  clientDataFiles(): string[] | null {
    const writer = this.#writer;
    if (writer === null || !this.#configuration.recordClientData) return null;
    return this.#federation.clients.map((client) => writer.layout.clientData(client));
  }

  /** Marks the directory, if there is one, as aborted; where it cannot be written any more, it stays as it is. */
  abort(reason: string): void {
    if (this.#writer === null || this.#isComplete) return;
    try {
      this.#writer.log(`aborted: ${reason}`);
      const finished = new Date().toISOString();
      this.#writer.writeSummary({
        ...this.#summary.written,
        status: "aborted",
        reason,
        finished,
        results: null,
      });
    } catch {
      // The disk is full, say: that is the reason already, and the caller's to tell.
    }
  }

  /** @param seconds wall-clock time of the run */
  result(seconds: number): RunResult {
    return resultOf({
      directory: this.#directory!,
      clustersAsked: this.#configuration.kGlobal,
      agreement: this.#agreement!,
      evaluation: this.#evaluation!,
      summary: this.#summary,
      twin: this.#twin,
      stability: this.#stability,
      notices: this.#notices,
      seconds,
    });
  }
}
