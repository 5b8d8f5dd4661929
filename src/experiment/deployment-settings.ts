import { theSetting } from "../errors.js";
import type { ValuesOf } from "../settings/setting.js";

/** What a run on other machines can be given beside a server's settings. */
export const DEPLOYMENT_SETTINGS = {
  /** Clients that the run begins with, at least. Default: `minClients`. */
  numClients: {
    type: "integer",
    default: null,
    min: 1,
    help: `clients that the run begins with, at least; default: ${theSetting("minClients")}` as string,
  },
  /** Seconds it waits for so many clients. Default: 120. */
  waitForClients: {
    type: "number",
    default: 120,
    min: 0,
    max: 2_147_483,
    help: "seconds it waits for so many clients",
  },
  /**
   * Name of the rows that the run is about: each client looks it up among those that it permits. Default:
   * "test_data".
   */
  dataSource: {
    type: "text",
    metavar: "NAME",
    default: "test_data",
    help: "name of the rows that the run is about: each client looks it up among those that it permits",
  },
  /** Names of the features that the run is about. Default: all that the clients have. */
  features: {
    type: "names",
    default: null,
    help: "names of the features that the run is about; default: all that the clients have",
  },
  /** Experiment directory of a run that was cut short, to go on with. */
  resume: {
    type: "text",
    metavar: "DIR",
    default: null,
    help: "experiment directory of a run that was cut short, to go on with",
  },
} as const;

/** The values of these settings, complete and checked. */
export interface DeploymentSettings extends ValuesOf<typeof DEPLOYMENT_SETTINGS> {}
