import { clientFileId } from "../directory/client-name.js";
import type { LoggedRound } from "../directory/read-experiment.js";
import { RunHash } from "../directory/run-hash.js";
import type { DeploymentRecord, Provenance, Summary } from "../directory/summary.js";
import { inertiaBefore } from "../federation/round-inertia.js";
import type { Round, RunEvent } from "../federation/run-event.js";
import type { Agreement } from "../workflow/agreement.js";
import { clustersInUse, fewerClusters } from "../workflow/cluster-count.js";
import type { Dropped } from "../workflow/exchange.js";
import { recordedConfiguration } from "./configuration.js";
import { endedBecause } from "./ending.js";
import { type Fingerprint, partitionRecords } from "./partitions.js";
import { hashedRound, withheldMeans } from "./round-facts.js";
import type { Configuration } from "./settings.js";

/** What an attempt that was cut short left to go on from. */
export interface Earlier {
  readonly directory: string;
  readonly rounds: readonly LoggedRound[];
  /** Of these rounds. */
  readonly hash: RunHash;
}

/** The summary of a run, as its events make it. */
export class RunSummary {
  readonly #configuration: Configuration;
  readonly #hash: RunHash;
  #fingerprints: readonly Fingerprint[] | null = null;
  /** Means that clients withheld, over all rounds, of those who withheld some. */
  readonly meansWithheld: Map<string, number> = new Map();
  readonly written: Summary;

  /** @param deployment how clients on other machines are reached; null of a simulation */
  constructor(
    configuration: Configuration,
    deployment: DeploymentRecord | null,
    provenance: Provenance,
    earlier: Earlier | null,
  ) {
    this.#configuration = configuration;
    this.#hash = earlier?.hash ?? new RunHash();
    this.written = {
      status: "running",
      reason: null,
      configuration: recordedConfiguration(configuration, deployment !== null),
      clients: [],
      deployment,
      partitions: null,
      n_samples: 0,
      n_features: 0,
      feature_names: null,
      constant_features: null,
      pca_sweeps: null,
      results: null,
      convergence_history: [],
      dropped_clients: [],
      ...provenance,
    };
    for (const round of earlier?.rounds ?? []) {
      this.#count(round.withheld);
      this.#drop(`round ${round.round}`, round.dropped);
      this.#extendHistory(round.round, round.convergenceChange, round.inertia);
    }
  }

  /** Says what the clients' data are, before the handshake is added. */
  identify(fingerprints: readonly Fingerprint[]): void {
    this.#fingerprints = fingerprints;
  }

  add(event: RunEvent): void {
    switch (event.type) {
      case "handshake":
        this.#open(event.agreement);
        this.#drop("handshake", event.dropped);
        break;
      case "notice":
        break;
      case "normalization":
        // Under differential privacy nobody asks whether a feature is constant.
        this.written.constant_features = this.#isPrivate ? null : event.normalization.constantFeatures;
        this.#drop("normalization", event.dropped);
        break;
      case "pca":
        if (event.sweeps !== null) {
          const { count, isFound, residual } = event.sweeps;
          this.written.pca_sweeps = { sweeps: count, converged: isFound, residual };
        }
        this.#drop("PCA", event.dropped);
        break;
      case "round":
        this.#addRound(event.round);
        break;
      case "clustered":
        this.#end(event);
        break;
      case "evaluation":
        this.#drop("evaluation", event.dropped);
        this.#evaluate(event);
    }
  }

  get #isPrivate(): boolean {
    return this.#configuration.privacy === "dp";
  }

  #open(agreement: Agreement): void {
    const isSimulation = this.#fingerprints !== null;
    // Under differential privacy no client tells how many rows it has; a simulation knows.
    const isTold = !agreement.protection.privately || isSimulation;
    const { groupScale, recordClientData } = this.#configuration;
    Object.assign(this.written, {
      clients: agreement.clients.map(({ name, nSamples, nFeatures, hasLabels, nPoints, protection }) => ({
        name,
        id: clientFileId(name),
        n_samples: isTold ? nSamples : null,
        n_features: nFeatures,
        has_labels: hasLabels,
        n_points: isTold ? nPoints : null,
        privacy: {
          mode: protection.mode,
          group_size: protection.groupSize,
          privacy_threshold: protection.privacyThreshold,
          labels: hasLabels && !protection.privately,
          group_scale: isSimulation ? groupScale : null,
          client_data: isSimulation ? recordClientData : null,
        },
      })),
      partitions: this.#fingerprints && partitionRecords(this.#fingerprints, agreement.clients),
      n_samples: isTold ? agreement.nSamples : null,
      n_features: agreement.nFeatures,
      feature_names: agreement.featureNames,
    } satisfies Partial<Summary>);
  }

  #addRound(round: Round): void {
    this.#hash.add(hashedRound(round, this.#configuration.recordLocalMeans));
    this.#count(withheldMeans(round));
    this.#drop(`round ${round.round}`, round.dropped);
    this.#extendHistory(round.round, round.convergenceChange, inertiaBefore(round));
  }

  /** @param inertia of the rows under the means of the round before */
  #extendHistory(round: number, change: number | null, inertia: number | null): void {
    const history = this.written.convergence_history;
    const before = history.at(-1);
    if (before !== undefined) before.inertia = inertia;
    history.push({ round, convergence_change: change, inertia: null });
  }

  #end(event: Extract<RunEvent, { type: "clustered" }>): void {
    const { convergence_change: change } = this.written.convergence_history.at(-1)!;
    this.written.results = {
      rounds: event.rounds,
      final_round: event.rounds,
      converged: event.converged,
      cycle_length: event.cycleLength,
      ended: endedBecause(event, change, this.#configuration),
      final_means_shape: [],
      n_clusters: 0,
      fewer_clusters: null,
      n_samples_in_inertia: 0,
      run_hash: this.#hash.digest(),
    };
  }

  #evaluate({ finalMeans, dropped, ...found }: Extract<RunEvent, { type: "evaluation" }>): void {
    // As clustered: what stands for the rows, where something does.
    const metrics = found.ofPoints ?? found.metrics;
    // Noise may take the rows of a cluster, or give it some: which have rows, a server does not know then.
    const isUnknown = found.metricsOf === "none";
    const clusterSizes = isUnknown ? null : metrics.clusterSizes;
    // Under differential privacy a simulation knows the inertia of the last round's means, and a server none.
    const isKnown = dropped.length === 0 && found.noisySizes === null;
    this.written.convergence_history.at(-1)!.inertia = isKnown ? metrics.inertia : null;
    Object.assign(this.written.results!, {
      final_means_shape: [finalMeans.nRows, finalMeans.nColumns],
      n_clusters: clusterSizes === null ? finalMeans.nRows : clustersInUse(clusterSizes),
      fewer_clusters: fewerClusters(
        this.#configuration.kGlobal,
        finalMeans.nRows,
        clusterSizes,
        found.ofPoints === null ? "row" : "group of rows",
      ),
      n_samples_in_inertia: isUnknown ? null : metrics.nSamplesInInertia,
    } satisfies Partial<Summary["results"]>);
  }

  #drop(step: string, dropped: readonly Dropped[]): void {
    for (const { client, reason } of dropped) this.written.dropped_clients.push({ step, client, reason });
  }

  #count(withheld: readonly (readonly [string, number])[]): void {
    for (const [client, count] of withheld) {
      this.meansWithheld.set(client, (this.meansWithheld.get(client) ?? 0) + count);
    }
  }
}
