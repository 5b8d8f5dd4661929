import { randomBytes } from "node:crypto";
import type { DeploymentRecord } from "../directory/summary.js";
import { RunError, theSetting, UsageError } from "../errors.js";
import type { Federation } from "../federation/federation.js";
import { threadCount } from "../threads/thread-count.js";
import { configurationOfRecord, configureDeployed, serverOptionsOf } from "./configuration.js";
import type { DeploymentSettings } from "./deployment-settings.js";
import { execute, type Prepared, type RunHooks } from "./execute.js";
import { recordedStart } from "./recorded-data.js";
import type { RunResult } from "./result.js";
import { resumeWith } from "./run.js";
import { RESUMABLE } from "./setting-groups.js";
import type { Configuration, SettingName } from "./settings.js";
import { readStart } from "./start-file.js";

/** What tells the clients of a run on other machines which run it is, and what it is about. */
export interface DeployedRun {
  /** What tells the run from all others, also once it is resumed. */
  readonly run: string;
  readonly dataSource: string;
  /** Clients that it begins with, at least. */
  readonly numClients: number;
  /** Seconds it waits for so many. */
  readonly waitForClients: number;
  /** Names of those that it began with, where it is resumed: nobody else takes part; null of a new run. */
  readonly clients: readonly string[] | null;
}

/** What reaches clients on other machines. */
export interface Carrier {
  /** As the summary records it. */
  readonly name: string;
  connect(run: DeployedRun): Federation;
}

interface Deployed {
  readonly carrier: Carrier;
  /** Settings of a run, of which those of its clients and their data are not for a server to set. */
  readonly given: Partial<Configuration>;
  readonly deployment: DeploymentSettings;
  /** What to call a setting in an error. */
  readonly sourceOf: (name: SettingName | keyof DeploymentSettings) => string;
}

/**
 * Runs a federation of clients on other machines, and writes what a server knows of it into an experiment directory.
 *
 * @returns what the directory holds, in short
 * @throws UsageError for a wrong setting; RunError if too few clients come, or they will not do; the signal's reason if it
 *   is aborted. Until the handshake nothing is written; after it the directory says "aborted", and can be resumed.
 */
export async function deploy(deployed: Deployed, hooks: RunHooks = {}): Promise<RunResult> {
  const { given, deployment, sourceOf } = deployed;
  const started = performance.now();
  if (deployment.resume === null) {
    const configuration = configureDeployed(given, sourceOf);
    const record = { carrier: deployed.carrier.name, run: newRun(), ...recordedOf(deployment) };
    return execute(prepare(deployed, configuration, record, null), null, hooks, started);
  }
  const directory = deployment.resume;
  return resumeWith(directory, (logged) => {
    const { summary } = logged;
    if (summary.deployment === null) {
      throw new RunError(
        `${directory}: its clients were on one machine: go on with fedkmeans resume ${directory}`,
      );
    }
    const execution = {
      ...Object.fromEntries(RESUMABLE.map((name) => [name, given[name] ?? null])),
      ...recordedStart(summary),
    };
    const source = `${directory}/experiment_summary.json`;
    const configuration = configurationOfRecord(summary.configuration, execution, source, configureDeployed);
    const clients = summary.clients.map(({ name }) => name);
    const prepared = prepare(deployed, configuration, summary.deployment, clients);
    return execute(prepared, logged, hooks, started);
  });
}

function recordedOf({ dataSource, features }: DeploymentSettings) {
  return { data_source: dataSource, features };
}

function prepare(
  { carrier, deployment, sourceOf }: Deployed,
  configuration: Configuration,
  record: DeploymentRecord,
  clients: readonly string[] | null,
): Prepared {
  const { minClients } = configuration;
  const numClients = clients?.length ?? deployment.numClients ?? minClients;
  if (numClients < minClients) {
    throw new UsageError(
      `${sourceOf("numClients")} must be at least ${theSetting("minClients")}, which is ${minClients}, found ${numClients}`,
    );
  }
  const options = serverOptionsOf(configuration, readStart(configuration.start));
  const { run, data_source: dataSource, features } = record;
  return {
    federation: carrier.connect({
      run,
      dataSource,
      clients,
      numClients,
      waitForClients: deployment.waitForClients,
    }),
    configuration,
    deployment: record,
    options: { ...options, features },
    threads: threadCount(configuration.threads),
    notices: [],
  };
}

/** By the time first, so that folders of runs are in their order. */
function newRun(): string {
  const time = new Date().toISOString().replace(/[-:]|\..*/g, "");
  return `${time}-${randomBytes(8).toString("hex")}`;
}
