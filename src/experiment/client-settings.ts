import { UsageError } from "../errors.js";
import type { Policy } from "../privacy/policy.js";
import type { ValuesOf } from "../settings/setting.js";
import { boundsOf } from "./bounds-file.js";
import { completePrivacy, policyOf } from "./privacy-settings.js";
import { SETTINGS } from "./settings.js";

type Run = typeof SETTINGS;

/** What whoever holds the rows of a client decides, and no server. */
export const CLIENT_SETTINGS = {
  /** What the client is called. Default: as its file. */
  name: {
    type: "text",
    metavar: "NAME",
    default: null,
    help: "what the client is called; default: as its file",
  },
  /** File of the client's rows, or a folder of one file a client. Default: TEST_DATA_PATH of the environment. */
  dataPath: {
    type: "text",
    metavar: "PATH",
    default: null,
    help: "file of the client's rows, or a folder of one file a client; default: TEST_DATA_PATH of the environment",
  },
  /** Which file of a folder is the client's: its number from 0 on in the order of names, or its name. */
  partitionId: {
    type: "text",
    metavar: "ID",
    default: null,
    help: "which file of a folder is the client's: its number from 0 on in the order of names, or its name",
  },
  /** How many files the folder has to have. Default: any number. */
  numPartitions: {
    type: "integer",
    default: null,
    min: 1,
    help: "how many files the folder has to have; default: any number",
  },
  labelColumn: SETTINGS.labelColumn as Run["labelColumn"],
  columns: SETTINGS.columns as Run["columns"],
  dropColumns: SETTINGS.dropColumns as Run["dropColumns"],
  delimiter: SETTINGS.delimiter as Run["delimiter"],
  header: SETTINGS.header as Run["header"],
  missing: SETTINGS.missing as Run["missing"],
  /** Folder that `fedkmeans groups` made of the client's rows, or `fedkmeans budget` for them. */
  stateDir: {
    type: "text",
    metavar: "DIR",
    default: null,
    help: "folder that fedkmeans groups made of the client's rows, or fedkmeans budget for them",
  },
  epsilonLimit: SETTINGS.epsilonLimit as Run["epsilonLimit"],
  bounds: SETTINGS.bounds as Run["bounds"],
  declaredRows: SETTINGS.declaredRows as Run["declaredRows"],
  /** Where a folder a run is made of the client's records. Default: client_logs/NAME beside the state. */
  logDir: {
    type: "text",
    metavar: "DIR",
    default: null,
    help: "where a folder a run is made of the client's records; default: client_logs/NAME beside the state",
  },
  privacy: SETTINGS.privacy as Run["privacy"],
  groupSize: SETTINGS.groupSize as Run["groupSize"],
  groupScale: SETTINGS.groupScale as Run["groupScale"],
  privacyThreshold: SETTINGS.privacyThreshold as Run["privacyThreshold"],
  epsilon: SETTINGS.epsilon as Run["epsilon"],
  delta: SETTINGS.delta as Run["delta"],
  /** Labels leave, too: how many rows of each class a group has. Default: false, in a simulation true. */
  shareLabels: {
    type: "flag",
    default: false,
    help: "labels leave, too: how many rows of each class a group has",
  },
  /** Takes part although rare rows could be proven from the points. Default: false. */
  allowProven: {
    type: "flag",
    default: false,
    help: "takes part although rare rows could be proven from the points",
  },
  /** Keeps what was asked and what of it left, in a file. Default: true. */
  recordLedger: {
    type: "flag",
    default: true,
    help: "keeps what was asked and what of it left, in a file",
  },
  /** Keeps the rows, as clustered. Default: false. */
  recordClientData: { type: "flag", default: false, help: "keeps the rows, as clustered" },
  /** Keeps which of the final means is nearest to each row. Default: false. */
  saveLabels: {
    type: "flag",
    default: false,
    help: "keeps which of the final means is nearest to each row",
  },
  /** TOML file with a table [client] of these settings, and a table [client.sources.NAME] for each further data source. */
  config: {
    type: "text",
    metavar: "FILE",
    default: null,
    help: "TOML file with a table [client] of these settings, and a table [client.sources.NAME] for each further data source",
  },
} as const;

export type ClientSettingName = keyof typeof CLIENT_SETTINGS;

/** The values of these settings, complete and checked. */
export interface ClientSettings extends ValuesOf<typeof CLIENT_SETTINGS> {}

/** Settings of which each data source has its own: they say where its rows are, and what they are. */
export const SOURCE_SETTINGS: readonly ClientSettingName[] = [
  "dataPath",
  "labelColumn",
  "columns",
  "dropColumns",
  "delimiter",
  "header",
  "missing",
  "stateDir",
  "epsilonLimit",
  "bounds",
  "declaredRows",
];

/** Which file of a folder is the client's: a data source may say it, or be cut up as the others are. */
export const PARTITION_SETTINGS: readonly ClientSettingName[] = ["partitionId", "numPartitions"];

/** How rows are protected: a data source may say it, or be protected as the others are. */
export const PROTECTION_SETTINGS: readonly ClientSettingName[] = [
  "privacy",
  "groupSize",
  "groupScale",
  "privacyThreshold",
  "epsilon",
  "delta",
];

/** With noise no label leaves, and no message comes by which rows could be kept as they were clustered in the end. */
const NOT_PRIVATE = ["shareLabels", "recordClientData", "saveLabels"] as const;

/**
 * What the settings let the client give.
 *
 * @param stored how its rows are in groups for good; null without a state
 * @param nameOf what to call a setting in an error
 * @throws UsageError where they do not go together, or not with the state
 */
export function clientPolicy(
  settings: ClientSettings,
  stored: Pick<Policy, "groupSize" | "groupScale"> | null,
  nameOf: (name: string) => string,
): Policy {
  const complete = completePrivacy(settings, false, nameOf);
  const bounds = boundsOf({ ...settings, bounds: complete.bounds });
  if (bounds !== null) {
    const stranger = NOT_PRIVATE.find((name) => settings[name]);
    if (stranger !== undefined) {
      throw new UsageError(
        `${nameOf(stranger)} needs ${nameOf("privacy")} to be groups or threshold, found dp`,
      );
    }
    return policyOf(complete, bounds);
  }
  const policy = { ...policyOf(complete), sharesLabels: settings.shareLabels };
  if (stored === null || policy.mode !== "groups") return policy;
  const { groupSize, groupScale } = stored;
  for (const [name, value] of Object.entries({ groupSize, groupScale })) {
    const asked = settings[name as "groupSize" | "groupScale"];
    if (asked === null || asked === value) continue;
    throw new UsageError(`${nameOf(name)} must be ${value}, that of the state, found ${asked}`);
  }
  return { ...policy, groupSize, groupScale };
}
