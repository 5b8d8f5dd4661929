import type { Dataset } from "../data/dataset.js";
import { writeDataset } from "../data/dataset-write.js";
import { BLOBS_DEFAULTS, type BlobsOptions, generateBlobs } from "../data/generate-blobs.js";
import { generatePaper, PAPER_DEFAULTS, type PaperOptions } from "../data/generate-paper.js";
import { createPartitionLoader, type Partition } from "../data/partition.js";
import {
  findPartitions,
  listPartitions,
  type PartitionOptions,
  type PartitionRef,
} from "../data/partition-list.js";
import { type TableOptions, tableOptions } from "../data/table.js";
import { UsageError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import type { Configuration } from "../experiment/settings.js";
import { clientNotices, describeNotice } from "../federation/notice.js";
import { inCell } from "./in-cell.js";

/** The data of a federation: where it is, and what there is of it. Plain data; the rows stay in their files. */
export interface FederatedData extends DataSettings {
  /** Tells it from other results. */
  readonly kind: "data";
  /** The folder, or the one file. */
  path: string;
  clients: {
    name: string;
    nSamples: number;
    /** Rows of each class; null where there are no labels. */
    classes: Record<string, number> | null;
  }[];
  nSamples: number;
  nFeatures: number;
  /** Null if the files name no columns. */
  featureNames: readonly string[] | null;
  /** What to know of the rows, a line each. */
  notices: string[];
}

/** How data is read: settings of a run that `load` takes too, and that go with what it returns. */
export type DataSettings = TableOptions & Pick<Configuration, "clientColumn">;

export type LoadOptions = Partial<DataSettings>;

/** Options of `generate`. Of the blobs unless `scheme` is "paper". */
export type GenerateOptions = (
  | ({ scheme?: "blobs" } & Partial<BlobsOptions>)
  | ({ scheme: "paper" } & Partial<PaperOptions>)
) & {
  /** Folder to write to; its earlier generation is replaced. Default: "data/generated". */
  outputDir?: string;
};

/**
 * Opens a federation's data: a folder of one file a client, or one table of all clients with a
 * `clientColumn`. Every file is read once, to see that it can be used.
 *
 * @throws UsageError for a path that will not do; RunError, naming file and place, for rows that will not
 * @example const penguins = await fk.load("data/penguins", { labelColumn: "species" });
 */
export function load(path: string, options: LoadOptions = {}): Promise<FederatedData> {
  return inCell(async () => {
    const columns = dataSettings(configure({ ...options, data: path }));
    const notices = new Map<string, readonly string[]>();
    const data: FederatedData = {
      kind: "data",
      path,
      ...columns,
      clients: [],
      nSamples: 0,
      nFeatures: 0,
      featureNames: null,
      notices: [],
    };
    const found = await findPartitions(path, columns);
    for await (const [name, partition] of partitionsOf(found.refs)) {
      const { rows, featureNames } = partition;
      data.clients.push({ name, nSamples: rows.nRows, classes: countClasses(partition) });
      data.nSamples += rows.nRows;
      data.nFeatures = rows.nColumns;
      data.featureNames ??= featureNames;
      notices.set(name, partition.notices ?? []);
    }
    data.notices = [...found.notices, ...clientNotices(notices).map(describeNotice)];
    return data;
  });
}

/**
 * Generates a federation's data: Gaussian clusters shared out among clients as unevenly as you like, or
 * (`scheme: "paper"`) the synthetic data of Garst & Reinders (2024). The same options give the same bytes.
 *
 * @throws UsageError naming the option that is out of range
 * @example const data = await fk.generate({ numClients: 5, nonIidFactor: 0.8 });
 */
export function generate(options: GenerateOptions = {}): Promise<FederatedData> {
  return inCell(async () => {
    const { scheme = "blobs", outputDir = "data/generated", ...given } = options;
    const defaults: object = scheme === "paper" ? PAPER_DEFAULTS : BLOBS_DEFAULTS;
    const unknown = Object.keys(given).find((name) => !(name in defaults));
    if (unknown !== undefined) {
      throw new UsageError(
        `unknown option ${unknown} of the scheme ${scheme}: expected one of ${Object.keys(defaults).join(", ")}`,
      );
    }
    const dataset: Dataset =
      scheme === "paper"
        ? generatePaper({ ...PAPER_DEFAULTS, ...given })
        : generateBlobs({ ...BLOBS_DEFAULTS, ...given });
    await writeDataset(dataset, outputDir, { scheme, options: { ...defaults, ...given } });
    return load(outputDir);
  });
}

/** Those of a run's settings that say how its data is read. */
export function dataSettings(settings: DataSettings): DataSettings {
  return { ...tableOptions(settings), clientColumn: settings.clientColumn };
}

/** The partitions, in client order, one at a time. */
export async function* partitions(
  path: string,
  columns: PartitionOptions,
): AsyncGenerator<[client: string, partition: Partition]> {
  yield* partitionsOf(await listPartitions(path, columns));
}

async function* partitionsOf(
  refs: readonly PartitionRef[],
): AsyncGenerator<[client: string, partition: Partition]> {
  const loadPartition = createPartitionLoader(refs);
  for (const ref of refs) yield [ref.client, await loadPartition(ref)];
}

function countClasses({ labels, classes }: Partition): Record<string, number> | null {
  if (labels === null) return null;
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels) counts[label] += 1;
  return Object.fromEntries(classes.map((name, i) => [name, counts[i]]));
}
