import { dirname, join } from "node:path";
import { clientFileId } from "../directory/client-name.js";
import { UsageError } from "../errors.js";
import { findClientFile } from "../experiment/client-partition.js";
import { type ClientSettings, clientPolicy } from "../experiment/client-settings.js";
import type { LoadOptions } from "../experiment/data-settings.js";
import { hasBudget, openBudget } from "../federation/client/budget/budget-folder.js";
import { checkSameLimits } from "../federation/client/budget/budget-limits.js";
import { checkMode } from "../federation/client/budget/modes.js";
import type { DeployedClient } from "../federation/client/deployed-client.js";
import { hasState } from "../federation/client/make-state.js";
import { openState, type StateFolder } from "../federation/client/state-folder.js";
import type { PrivacyMode, PrivatePolicy } from "../privacy/policy.js";
import type { StoredState } from "../privacy/stored-groups.js";
import { loadRows, storedColumns } from "./groups-data.js";

/** For what a client is opened. */
export interface ClientOf {
  readonly run: string;
  readonly dataSource: string;
  /** Whether its own environment says that it is a simulation's, which keeps no state. */
  readonly isSimulation: boolean;
  /** What to call a setting in an error. */
  readonly nameOf: (name: string) => string;
  /** Tells its owner. */
  readonly tell: (line: string) => void;
}

/** A client, and what its owner knows of it. */
export interface OpenedClient extends DeployedClient {
  /** Its file. */
  readonly path: string;
}

/**
 * Opens a client on a machine of its own for a run. Its rows are not looked at yet.
 *
 * @throws UsageError for settings that will not do; RunError for a state that will not
 */
export async function openClient(settings: ClientSettings, of: ClientOf): Promise<OpenedClient> {
  const { run, isSimulation, nameOf } = of;
  const file = await findClientFile(settings, nameOf);
  const name = settings.name ?? file.name;
  clientFileId(name);
  const own = clientPolicy(settings, null, nameOf);
  const { mode } = own;
  if (own.privately !== null) {
    const { bounds } = own.privately;
    const privately = { ...settings, columns: settings.columns ?? [...bounds.features] };
    return {
      name,
      path: file.path,
      run,
      policy: own,
      state: null,
      budget: budgetOf(settings, own.privately, name, of),
      load: () => loadRows(file.path, readAs(privately, null), settings.columns === null),
      allowProven: false,
      folder: folderOf(settings, name, false, of),
      tell: (line) => of.tell(`${name} ${line}`),
    };
  }
  if (settings.stateDir !== null && !isSimulation) checkMode(settings.stateDir, mode);
  const state = isSimulation ? null : stateOf(settings, mode, file.path, nameOf);
  const stored = state?.groups() ?? null;
  const policy = clientPolicy(settings, stored?.settings ?? null, nameOf);
  if (mode === "threshold") state?.checkPolicy(policy);
  const isOfGroups = mode === "groups" && state !== null;
  return {
    name,
    path: file.path,
    run,
    policy,
    state: isOfGroups ? state : null,
    budget: null,
    load: () =>
      loadRows(
        file.path,
        readAs(settings, isOfGroups ? stored : null),
        isOfGroups && stored?.columns != null,
      ),
    allowProven: settings.allowProven,
    folder: folderOf(settings, name, mode === "groups", of),
    tell: (line) => of.tell(`${name} ${line}`),
  };
}

/** A deployment of groups has a state; of another one the state says whether its rows were ever used in groups. */
function stateOf(
  { stateDir }: ClientSettings,
  mode: PrivacyMode,
  path: string,
  nameOf: ClientOf["nameOf"],
): StateFolder | null {
  if (stateDir !== null && hasState(stateDir)) return openState(stateDir);
  if (stateDir === null && mode === "threshold") return null;
  const found = stateDir === null ? "is missing" : `${stateDir} has no state`;
  throw new UsageError(
    `${nameOf("stateDir")} ${found}: make one with fedkmeans groups ${path} --state-dir ${stateDir ?? "DIR"}`,
  );
}

/**
 * The budget of a client's rows. Only a simulation, where it protects nobody, makes one unasked: in a second folder rows
 * would begin at 0 again.
 */
function budgetOf(
  { stateDir, epsilonLimit }: ClientSettings,
  { delta }: PrivatePolicy,
  name: string,
  { isSimulation, nameOf }: ClientOf,
): OpenedClient["budget"] {
  if (isSimulation) {
    if (stateDir !== null) return { folder: join(stateDir, clientFileId(name)), mayBeMade: true };
    throw new UsageError(
      `${nameOf("stateDir")} is missing: a folder in which a simulation keeps a budget for each client`,
    );
  }
  if (stateDir === null || !hasBudget(stateDir)) {
    const found = stateDir === null ? "is missing" : `${stateDir} has no budget`;
    throw new UsageError(
      `${nameOf("stateDir")} ${found}: make one with fedkmeans budget --state-dir ${stateDir ?? "DIR"} --epsilon-limit E --delta ${delta}`,
    );
  }
  const { limits } = openBudget(stateDir);
  checkSameLimits(limits, { epsilonLimit: epsilonLimit ?? limits.epsilonLimit, delta }, stateDir);
  return { folder: stateDir, mayBeMade: false };
}

/** How its file is read: what is not given is no wish, where a state knows better. */
function readAs(settings: ClientSettings, stored: StoredState | null): LoadOptions {
  const { labelColumn, columns, dropColumns, delimiter, header, missing } = settings;
  const all = { labelColumn, columns, dropColumns, delimiter, header, missing };
  return storedColumns(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)), stored);
}

function folderOf(
  { stateDir, logDir, recordLedger, recordClientData, saveLabels }: ClientSettings,
  name: string,
  keepsPoints: boolean,
  { run, dataSource, isSimulation }: ClientOf,
): DeployedClient["folder"] {
  // Clients of a simulation share an environment, and have the rows of all in one place anyway.
  if (isSimulation && logDir === null) return null;
  const own = isSimulation ? join(logDir!, clientFileId(name)) : logDir;
  const beside = stateDir === null ? "." : dirname(stateDir);
  return {
    path: join(own ?? join(beside, "client_logs", clientFileId(name)), run),
    run,
    client: name,
    dataSource,
    keepsLedger: recordLedger,
    keepsPoints,
    keepsRows: recordClientData,
    keepsLabels: saveLabels,
  };
}
