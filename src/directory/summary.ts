import type { FileFingerprint } from "../files/file-hash.js";
import type { ClientPrivacy } from "./clients.js";

/** A client that took no part in a step of a run, and why. */
export interface DroppedClient {
  client: string;
  reason: string;
}

/** What one client holds, as the summary of a simulation says. */
export interface PartitionRecord extends FileFingerprint {
  client: string;
  /** Its name, without the folder: data may move; null of rows in memory. */
  file: string | null;
  rows: number;
  columns: number;
}

/** How a run reached clients on other machines. */
export interface DeploymentRecord {
  /** What carried its messages. */
  carrier: string;
  /** What tells the run from all others at its clients, who keep their records and their points under it. */
  run: string;
  /** Name of the rows that it is about, as each client looked it up. */
  data_source: string;
  /** Names of the features that it was asked to be about; null: all. */
  features: readonly string[] | null;
}

/** One round's entry in the convergence history. */
export interface HistoryEntry {
  round: number;
  /** null in round 0. */
  convergence_change: number | null;
  /**
   * Of all rows, or of the points that stand for them, under this round's means, as the next round found it; null where
   * a client was missing.
   */
  inertia: number | null;
}

/** A program and the machine that it ran on. */
export interface EnvironmentRecord {
  /** Version of this package. */
  fedkmeans: string;
  runtime: "Node" | "Deno";
  runtime_version: string;
  /** As Node names it, e.g. "linux". */
  platform: string;
  /** Of the processor, as Node names it, e.g. "x64". */
  architecture: string;
  /** Its model; null where the system does not tell. */
  processor: string | null;
  /** How many the system counts. */
  processors: number;
}

/** How a run was made, on which none of its results depends: times are ISO 8601, in UTC. */
export interface Provenance {
  /** null of a run that was resumed and whose first attempt, an earlier version's, did not say. */
  started: string | null;
  /** When it was gone on with, each time that it had been cut short. */
  resumed: string[];
  /** When it was completed or aborted; null while it runs. */
  finished: string | null;
  /** The command line, an argument each; null of a run that a program or a notebook made. */
  command: string[] | null;
  /** The folder that relative paths of the configuration and of the command mean. */
  working_directory: string;
  /** Of the server; of a simulation, of the clients too. */
  environment: EnvironmentRecord;
}

/** What `experiment_summary.json` holds, beside its schema version. */
export interface Summary extends Provenance {
  status: "running" | "completed" | "aborted";
  /** Why an aborted run ended; null otherwise. */
  reason: string | null;
  configuration: Record<string, unknown>;
  clients: {
    name: string;
    /** How file names of this client write its name. */
    id: string;
    /** null under differential privacy, where no client tells; a simulation knows. */
    n_samples: number | null;
    n_features: number;
    has_labels: boolean;
    /** Points that stand for its rows. */
    n_points: number | null;
    /** What it held to. */
    privacy: ClientPrivacy;
  }[];
  /** How clients on other machines were reached; null of a simulation, whose clients are all on this machine. */
  deployment: DeploymentRecord | null;
  /** What each client holds, by its bytes; null where clients are not on this machine. */
  partitions: PartitionRecord[] | null;
  n_samples: number | null;
  n_features: number;
  feature_names: readonly string[] | null;
  /** Features that are constant over the federation, by index; null where normalization is off or yet to come. */
  constant_features: number[] | null;
  /**
   * The search for the components of many features; null where their scatter matrix was decomposed, or none were
   * found.
   */
  pca_sweeps: { sweeps: number; converged: boolean; residual: number } | null;
  /** null until the run has ended. */
  results: {
    rounds: number;
    /** The round whose means are the final ones: the last, which in a cycle is the one of least inertia. */
    final_round: number;
    converged: boolean;
    /** Rounds of the cycle that the run ended in; null where it ended in none. */
    cycle_length: number | null;
    /** Why there was no further round, in words. */
    ended: string;
    final_means_shape: number[];
    /** Clusters that have rows. */
    n_clusters: number;
    /** Why they are fewer than were asked for, in words; null where they are as many. */
    fewer_clusters: string | null;
    /** Rows that every inertia of the run is of: clients of fewer rows than their threshold send none. null: unknown. */
    n_samples_in_inertia: number | null;
    run_hash: string;
  } | null;
  convergence_history: HistoryEntry[];
  /** The file that lists all others, where the run is completed; an earlier version's has none. */
  manifest?: string;
  /** Of points alone: what rows and labels leave is not here. Not there where the run itself wrote it. */
  exported?: true;
  /** Clients that missed an exchange, by what it was for, e.g. "round 3". */
  dropped_clients: (DroppedClient & { step: string })[];
}
