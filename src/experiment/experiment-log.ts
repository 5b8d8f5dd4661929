import { dirname } from "node:path";
import { clientFileId } from "../directory/client-name.js";
import type { LoggedRound } from "../directory/read-experiment.js";
import { RunHash } from "../directory/run-hash.js";
import type { Summary } from "../directory/summary.js";
import { movement } from "../federation/event-line.js";
import type { Federation } from "../federation/federation.js";
import { inertiaBefore } from "../federation/round-inertia.js";
import type { Round, RunEvent } from "../federation/run-event.js";
import type { FileFingerprint } from "../files/file-hash.js";
import { makeFolder } from "../files/make-folder.js";
import type { Sweeps } from "../workflow/agree-on-transform.js";
import { clustersInUse, fewerClusters } from "../workflow/cluster-count.js";
import type { Dropped } from "../workflow/exchange.js";
import type { Agreement } from "../workflow/handshake.js";
import type { Normalization } from "../workflow/normalization.js";
import { describeNotice, type Notice } from "../workflow/notice.js";
import { recordedConfiguration } from "./configuration.js";
import { endedBecause } from "./ending.js";
import { type Fingerprint, partitionRecords } from "./partitions.js";
import type { RunResult } from "./result.js";
import { hashedRound, withheldMeans } from "./round-facts.js";
import type { Configuration } from "./settings.js";
import type { Twin } from "./twin.js";
import { createExperimentDirectory, ExperimentWriter } from "./writer.js";

/** What an attempt that was cut short left to go on from. */
export interface Earlier {
  readonly directory: string;
  readonly rounds: readonly LoggedRound[];
  /** Of these rounds. */
  readonly hash: RunHash;
}

/** Turns the events of a run into its experiment directory and its result. */
export class ExperimentLog {
  readonly #configuration: Configuration;
  readonly #federation: Federation;
  readonly #hash: RunHash;
  #directory: string | null;
  #writer: ExperimentWriter | null = null;
  #summary: Summary;
  #fingerprints: readonly Fingerprint[] | null = null;
  #agreement: Agreement | null = null;
  #evaluation: Extract<RunEvent, { type: "evaluation" }> | null = null;
  #twin: Twin | null = null;
  readonly #notices: Notice[] = [];
  #isComplete = false;
  #meansWithheld = new Map<string, number>();

  /**
   * @param logged what an earlier attempt left to go on from; null makes a new directory after the handshake
   */
  constructor(configuration: Configuration, federation: Federation, logged: Earlier | null) {
    this.#configuration = configuration;
    this.#federation = federation;
    this.#directory = logged?.directory ?? null;
    this.#hash = logged?.hash ?? new RunHash();
    this.#summary = {
      status: "running",
      reason: null,
      configuration: recordedConfiguration(configuration),
      clients: [],
      partitions: null,
      n_samples: 0,
      n_features: 0,
      feature_names: null,
      constant_features: null,
      pca_sweeps: null,
      results: null,
      convergence_history: [],
      dropped_clients: [],
    };
    for (const round of logged?.rounds ?? []) {
      this.#count(round.withheld);
      this.#summary.dropped_clients.push(...named(`round ${round.round}`, round.dropped));
      this.#extendHistory(round.round, round.convergenceChange, round.inertia);
    }
  }

  write(event: RunEvent): void {
    switch (event.type) {
      case "handshake":
        this.#open(event.agreement);
        break;
      case "notice":
        this.#notices.push(event.notice);
        // A client's word is in its own log.
        if (event.notice.from === "server") this.#writer?.log(`notice: ${describeNotice(event.notice)}`);
        return;
      case "normalization":
        this.#summary.constant_features = event.normalization.constantFeatures;
        this.#drop("normalization", event.dropped);
        this.#writer?.writeNormalization(event.normalization);
        this.#writer?.log(...this.#constantLines(event.normalization));
        return;
      case "pca":
        this.#drop("PCA", event.dropped);
        this.#writer?.writePca(event.pca);
        if (event.sweeps !== null) this.#addSweeps(event.sweeps);
        return;
      case "round":
        this.#writeRound(event.round);
        break;
      case "clustered":
        this.#summary.results = {
          rounds: event.rounds,
          final_round: event.rounds,
          converged: event.converged,
          cycle_length: event.cycleLength,
          ended: endedBecause(
            event,
            this.#summary.convergence_history.at(-1)!.convergence_change,
            this.#configuration,
          ),
          final_means_shape: [],
          n_clusters: 0,
          fewer_clusters: null,
          n_samples_in_inertia: 0,
          run_hash: this.#hash.digest(),
        };
        return;
      case "evaluation":
        this.#writeEvaluation(event);
    }
  }

  /**
   * Marks the directory as completed; to be called last, once the federation is closed.
   *
   * @param written what the clients wrote, by path, as far as it is known
   */
  complete(written: ReadonlyMap<string, FileFingerprint>): void {
    this.#summary.status = "completed";
    this.#writer?.log(`completed: ${this.#summary.results!.rounds} rounds; ${this.#summary.results!.ended}`);
    this.#writer?.complete(this.#summary, written);
    this.#isComplete = true;
  }

  /** To be called before the handshake is written, where the clients' data are on this machine. */
  identify(fingerprints: readonly Fingerprint[]): void {
    this.#fingerprints = fingerprints;
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
      this.#writer.writeSummary({ ...this.#summary, status: "aborted", reason, results: null });
    } catch {
      // The disk is full, say: that is the reason already, and the caller's to tell.
    }
  }

  /** @param seconds wall-clock time of the run */
  result(seconds: number): RunResult {
    const { results } = this.#summary;
    const { metrics, finalMeans, fits } = this.#evaluation!;
    const fitOf = new Map(fits.map(({ client, fit }) => [client, fit]));
    return {
      kind: "run",
      experimentDir: this.#directory!,
      rounds: results!.rounds,
      converged: results!.converged,
      cycleLength: results!.cycle_length,
      nClusters: results!.n_clusters,
      clustersAsked: this.#configuration.kGlobal,
      metrics,
      finalMeans,
      featureNames: this.#agreement!.featureNames,
      labels: labelsUsed(this.#agreement!, fits),
      runHash: results!.run_hash,
      clients: this.#agreement!.clients.map(({ name, nSamples }) => ({
        name,
        nSamples,
        clustersHeld: fitOf.get(name)?.counts.filter((count) => count > 0).length ?? null,
        meansWithheld: this.#meansWithheld.get(name) ?? 0,
      })),
      dropped: this.#summary.dropped_clients,
      twin: this.#twin,
      notices: this.#notices.map(describeNotice),
      seconds,
    };
  }

  #open(agreement: Agreement): void {
    const clients = this.#federation.clients;
    this.#agreement = agreement;
    Object.assign(this.#summary, {
      clients: agreement.clients.map(({ name, nSamples, nFeatures, hasLabels }) => ({
        name,
        id: clientFileId(name),
        n_samples: nSamples,
        n_features: nFeatures,
        has_labels: hasLabels,
      })),
      partitions: this.#fingerprints && partitionRecords(this.#fingerprints, agreement.clients),
      n_samples: agreement.nSamples,
      n_features: agreement.nFeatures,
      feature_names: agreement.featureNames,
    } satisfies Partial<Summary>);
    this.#directory ??= createExperimentDirectory(this.#configuration.logDir, this.#summary);
    this.#writer = new ExperimentWriter(this.#directory, clients, this.#configuration.recordLocalMeans);
    const { carrier, threads } = this.#configuration;
    this.#writer.log(
      `${clients.length} clients, ${agreement.nSamples} rows, ${agreement.nFeatures} features; ` +
        `carrier ${carrier}${threads === null ? "" : `, ${threads} threads`}`,
    );
    this.#writer.writeSummary(this.#summary);
    this.#recordClients(this.#writer);
  }

  #recordClients(writer: ExperimentWriter): void {
    const { layout } = writer;
    const { recordClientData, saveLabels } = this.#configuration;
    if (recordClientData) makeFolder(dirname(layout.clientData("0")));
    if (saveLabels) makeFolder(dirname(layout.clientLabels("0")));
    const records = this.#federation.clients.map((client) => {
      const rowsFile = recordClientData ? layout.clientData(client) : null;
      const labelsFile = saveLabels ? layout.clientLabels(client) : null;
      return [client, { logFile: layout.clientLog(client), rowsFile, labelsFile }] as const;
    });
    this.#federation.simulation?.record(new Map(records));
  }

  #addSweeps({ count, isFound, residual }: Sweeps): void {
    this.#summary.pca_sweeps = { sweeps: count, converged: isFound, residual };
    const end = isFound ? "components found" : "components not found, given up";
    this.#writer?.log(`PCA: ${end} after ${count} sweeps, residual ${residual.toExponential(1)}`);
  }

  #writeRound(round: Round): void {
    this.#writer?.writeRound(round);
    this.#hash.add(hashedRound(round, this.#configuration.recordLocalMeans));
    this.#count(withheldMeans(round));
    this.#drop(`round ${round.round}`, round.dropped);
    this.#extendHistory(round.round, round.convergenceChange, inertiaBefore(round));
    const moved = movement(round.convergenceChange, String);
    this.#writer?.log(`round ${round.round}: ${moved}, ${round.locals.length} clients`);
    for (const cluster of round.global.carriedOver) {
      this.#writer?.log(`round ${round.round}: nobody reported cluster ${cluster}, which keeps its mean`);
    }
  }

  /** @param inertia of the rows under the means of the round before */
  #extendHistory(round: number, change: number | null, inertia: number | null): void {
    const history = this.#summary.convergence_history;
    const before = history.at(-1);
    if (before !== undefined) before.inertia = inertia;
    history.push({ round, convergence_change: change, inertia: null });
  }

  #writeEvaluation(event: Extract<RunEvent, { type: "evaluation" }>): void {
    const { metrics, finalMeans } = event;
    this.#evaluation = event;
    this.#drop("evaluation", event.dropped);
    const last = this.#summary.convergence_history.at(-1)!;
    last.inertia = event.dropped.length > 0 ? null : metrics.inertia;
    const { clusterSizes, nSamplesInInertia } = metrics;
    Object.assign(this.#summary.results!, {
      final_means_shape: [finalMeans.nRows, finalMeans.nColumns],
      n_clusters: clustersInUse(clusterSizes),
      fewer_clusters: fewerClusters(this.#configuration.kGlobal, finalMeans.nRows, clusterSizes),
      n_samples_in_inertia: nSamplesInInertia,
    } satisfies Partial<Summary["results"]>);
    this.#writer?.writeEvaluation(metrics, finalMeans);
    if (metrics.silhouetteScore === null) {
      this.#writer?.log(
        "the exact silhouette was not computed: rows not recorded, not all there, or too many",
      );
    }
  }

  #constantLines({ constantFeatures, nearlyConstant }: Normalization): string[] {
    const deviations = new Map(nearlyConstant.map(({ feature, deviation }) => [feature, deviation]));
    return constantFeatures.map((feature) => {
      const name = this.#agreement?.featureNames?.[feature] ?? feature;
      const deviation = deviations.get(feature);
      const rounding = deviation === undefined ? "" : ` but for rounding (standard deviation ${deviation})`;
      return `feature ${name} is constant${rounding}, kept at 0`;
    });
  }

  #drop(step: string, dropped: readonly Dropped[]): void {
    this.#summary.dropped_clients.push(...named(step, dropped));
    for (const { client, reason } of dropped)
      this.#writer?.log(`${step}: without client ${client}: ${reason}`);
  }

  #count(withheld: readonly (readonly [string, number])[]): void {
    for (const [client, count] of withheld) {
      this.#meansWithheld.set(client, (this.#meansWithheld.get(client) ?? 0) + count);
    }
  }
}

function labelsUsed(
  { clients }: Agreement,
  fits: Extract<RunEvent, { type: "evaluation" }>["fits"],
): RunResult["labels"] {
  const labelled = clients.filter(({ hasLabels }) => hasLabels);
  if (labelled.length === 0) return null;
  const columns = new Set(labelled.flatMap(({ labelColumn }) => labelColumn ?? []));
  const classes = new Set(fits.flatMap(({ fit }) => fit.classes));
  return { columns: [...columns], nClasses: classes.size, nClients: labelled.length };
}

function named(step: string, dropped: readonly Dropped[]): Summary["dropped_clients"] {
  return dropped.map(({ client, reason }) => ({ step, client, reason }));
}
