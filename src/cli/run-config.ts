import { kebabCase } from "../casing.js";
import { UsageError } from "../errors.js";
import { CLIENT_SETTINGS } from "../experiment/client-settings.js";
import { DEPLOYMENT_SETTINGS, type DeploymentSettings } from "../experiment/deployment-settings.js";
import { DEPLOYED_SETTINGS } from "../experiment/setting-groups.js";
import { type Configuration, SETTING_NAMES, SETTINGS, type SettingName } from "../experiment/settings.js";
import { completeSettings } from "../settings/check.js";
import { SERVER_ROUNDS } from "./configuration-file.js";

/** What the run config of a Flower app says: `[tool.flwr.app.config]`, with what `--run-config` puts in its place. */
export interface RunConfig {
  readonly given: Partial<Configuration>;
  readonly deployment: DeploymentSettings;
  /** Keys that are no settings of ours. */
  readonly passedOver: readonly string[];
}

type RunConfigName = SettingName | keyof DeploymentSettings;

/** What an error calls a setting of a run config: "k-global in run config" of "kGlobal". */
export function inRunConfig(name: string): string {
  return `${kebabCase(name)} in run config`;
}

/**
 * Reads a run config. Flower's has no null: "" stands for the default.
 *
 * @throws UsageError naming the key: for what a client's owner decides, or what only a simulation here can do; and for a
 *   wrong value of what a deployment has beside a run's settings, which are left to be checked
 */
export function readRunConfig(config: Readonly<Record<string, unknown>>): RunConfig {
  const names = new Map<string, SettingName>(SETTING_NAMES.map((name) => [kebabCase(name), name]));
  if (SERVER_ROUNDS in config && "max-iterations" in config) {
    throw new UsageError(`the run config has both max-iterations and ${SERVER_ROUNDS}: keep one of them`);
  }
  names.set(SERVER_ROUNDS, "maxIterations");
  const ofDeployment = new Map(Object.keys(DEPLOYMENT_SETTINGS).map((name) => [kebabCase(name), name]));
  const ofClients = new Set(Object.keys(CLIENT_SETTINGS).map(kebabCase));
  const given: Record<string, unknown> = {};
  const deployment: Record<string, unknown> = {};
  const passedOver: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    const name = names.get(key);
    const another = ofDeployment.get(key);
    if (another !== undefined) deployment[another] = value === "" ? null : value;
    else if (name !== undefined && DEPLOYED_SETTINGS.includes(name))
      given[name] = value === "" ? null : value;
    else if (ofClients.has(key)) throw notOfServer(key, "client");
    else if (name !== undefined) throw notOfServer(key, SETTINGS[name].of);
    else passedOver.push(key);
  }
  return {
    given: given as Partial<Configuration>,
    deployment: completeSettings(DEPLOYMENT_SETTINGS, deployment, (name: RunConfigName) => inRunConfig(name)),
    passedOver,
  };
}

function notOfServer(key: string, owner: (typeof SETTINGS)[SettingName]["of"]): UsageError {
  const whose =
    owner === "client" || owner === "data"
      ? "each client's own: its node config, its environment or its configuration file says it"
      : "of clients on one machine: fedkmeans run has it";
  return new UsageError(`${key} in run config is ${whose}`);
}
