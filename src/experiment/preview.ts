import type { Partition } from "../data/partitions/partition.js";
import type { PartitionList } from "../data/partitions/partition-list.js";
import { createPartitionLoader } from "../data/partitions/partition-loader.js";
import { theSetting, UsageError } from "../errors.js";
import type { StateFolder } from "../federation/client/state-folder.js";
import { type ClientPreview, previewRows } from "../privacy/preview.js";
import { completeSettings } from "../settings/check.js";
import { clientNotices, describeNotice } from "../workflow/notice.js";
import { configure } from "./configuration.js";
import type { LoadOptions } from "./data-settings.js";
import { DEFAULT_GROUP_SCALE, DEFAULT_GROUP_SIZE } from "./privacy-settings.js";
import { DATA_SETTINGS } from "./setting-groups.js";
import type { Configuration } from "./settings.js";

/** Settings of a run that a preview takes. */
export const PREVIEW_SETTINGS: readonly (keyof LoadOptions | "kGlobal" | "groupSize" | "groupScale")[] = [
  ...DATA_SETTINGS,
  "kGlobal",
  "groupSize",
  "groupScale",
];

/** What the owner of rows decides beside them. */
export const PREVIEW_OPTIONS = {
  shareLabels: {
    type: "flag",
    default: false,
    help: "labels leave, too: how many rows of each class a group has",
  },
} as const;

/** Options of a preview: settings of a run, and whether labels are shared. */
export interface PreviewSettings
  extends LoadOptions,
    Partial<Pick<Configuration, "kGlobal" | "groupSize" | "groupScale">> {
  /** Whether labels leave, too, as counts a group. Default: false. */
  shareLabels?: boolean;
}

/** What would leave each of some clients, in counts and names. */
export interface Preview {
  /** Tells it from other results. */
  readonly kind: "preview";
  readonly clients: readonly ClientPreview[];
  /** The client of which most rare rows could be proven; of several, that of the fewest rows of which anything leaves. */
  readonly worst: string;
  /** What to know of the rows, a line each. */
  readonly notices: readonly string[];
}

/**
 * Says what would leave each client, which is read and sent nowhere.
 *
 * @param state of the client, where there is one, which has groups already
 * @throws UsageError for a setting that will not do; RunError for rows that will not
 */
export async function previewClients(
  { refs, notices }: PartitionList,
  { shareLabels, ...settings }: PreviewSettings,
  state: StateFolder | null = null,
): Promise<Preview> {
  const { kGlobal, groupScale, groupSize, privacy } = configure({ ...settings, data: "read by now" });
  if (privacy !== null && privacy !== "groups") {
    throw new UsageError(
      `${theSetting("privacy")} must be groups to preview what would leave, found ${privacy}`,
    );
  }
  const { shareLabels: sharesLabels } = completeSettings(PREVIEW_OPTIONS, { shareLabels });
  const options = {
    kGlobal,
    groupScale: groupScale ?? DEFAULT_GROUP_SCALE,
    groupSize: groupSize ?? DEFAULT_GROUP_SIZE,
    sharesLabels,
  };
  const load = createPartitionLoader(refs);
  const clients: ClientPreview[] = [];
  const said = new Map<string, readonly string[]>();
  for (const ref of refs) {
    const partition = await load(ref);
    said.set(ref.client, partition.notices ?? []);
    const known = rowsOf(ref.client, partition);
    if (state === null) clients.push(previewRows(known, options));
    else {
      const { groups, spreads, retired, ...of } = state.groupsIn(partition);
      const names = state.groups().columns ?? known.names;
      const rows = { ...known, rows: of.rows, names };
      clients.push(previewRows(rows, { ...options, ...of }, groups, spreads, retired));
    }
  }
  return {
    kind: "preview",
    clients,
    worst: clients.reduce((worst, one) => (isWorse(one, worst) ? one : worst)).client,
    notices: [...notices, ...clientNotices(said).map(describeNotice)],
  };
}

function rowsOf(client: string, { rows, featureNames, labels, classes, labelColumn }: Partition) {
  return {
    client,
    rows,
    names: featureNames,
    labels: labels && { column: labelColumn ?? null, classOf: labels, classes: classes.length },
  };
}

function isWorse(one: ClientPreview, other: ClientPreview): boolean {
  if (one.rareRowsProven !== other.rareRowsProven) return one.rareRowsProven > other.rareRowsProven;
  return one.groups > 0 && (other.groups === 0 || one.rows < other.rows);
}
