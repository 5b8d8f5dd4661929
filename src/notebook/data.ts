import type { BlobsOptions } from "../data/generators/generate-blobs.js";
import type { PaperOptions } from "../data/generators/generate-paper.js";
import { generateInto } from "../data/generators/schemes.js";
import { federationInMemory, type RowsInMemory } from "../data/partitions/federation-in-memory.js";
import type { DataSource, MemoryData } from "../data/partitions/memory-data.js";
import type { Partition } from "../data/partitions/partition.js";
import { findPartitions, listPartitions, type PartitionRef } from "../data/partitions/partition-list.js";
import { createPartitionLoader } from "../data/partitions/partition-loader.js";
import { nameSettingsInProgram, theSetting, UsageError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import { type DataSettings, dataSettings, type LoadOptions } from "../experiment/data-settings.js";
import { DATA_SETTINGS } from "../experiment/setting-groups.js";
import { agreeOnFeatures, type Columns } from "../workflow/features.js";
import { clientNotices, describeNotice } from "../workflow/notice.js";
import { inCell } from "./output/in-cell.js";

/**
 * The data of a federation: where it is, and what there is of it. Plain data; rows of files stay in their files.
 */
export interface FederatedData extends DataSettings {
  /** Tells it from other results. */
  readonly kind: "data";
  /** The folder, or the one file; null for rows in memory. */
  path: string | null;
  /** The rows in memory; null for files. */
  memory: MemoryData | null;
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

/** What a cell gives as data: a path, what `load` returned, or rows in memory. */
export type Data = string | FederatedData | RowsInMemory;

/** Options of `generate`: those of the generator that `scheme` names, which is "blobs" by default. */
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
 * @param source the path; or rows in memory, which are copied
 * @throws UsageError for a path that will not do; RunError, naming file and place, for rows that will not
 * @example const penguins = await fk.load("data/penguins", { labelColumn: "species" });
 * @example const two = await fk.load({ north: [[1, 2], [3, 4]], south: [[5, 6]] });
 */
export function load(source: string | RowsInMemory, options: LoadOptions = {}): Promise<FederatedData> {
  return inCell(async () => {
    const known = readData(source, options).source;
    const columns = dataSettings(configure({ ...options, data: known }));
    const notices = new Map<string, readonly string[]>();
    const data: FederatedData = {
      kind: "data",
      path: typeof known === "string" ? known : null,
      memory: typeof known === "string" ? null : known,
      ...columns,
      clients: [],
      nSamples: 0,
      nFeatures: 0,
      featureNames: null,
      notices: [],
    };
    const found = await findPartitions(known, columns);
    const features: Columns[] = [];
    for await (const [name, partition] of partitionsOf(found.refs)) {
      const { rows, featureNames } = partition;
      data.clients.push({ name, nSamples: rows.nRows, classes: countClasses(partition) });
      data.nSamples += rows.nRows;
      features.push({ name, nFeatures: rows.nColumns, featureNames });
      notices.set(name, partition.notices ?? []);
    }
    const { nFeatures, featureNames } = agreeOnFeatures(features);
    Object.assign(data, { nFeatures, featureNames });
    data.notices = nameSettingsInProgram([...found.notices, ...clientNotices(notices).map(describeNotice)]);
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
    await generateInto(outputDir, scheme, given);
    return load(outputDir);
  });
}

/**
 * Tells where the rows of a cell's data are, and how they are to be read.
 *
 * @param given options of reading that the cell gives
 * @throws UsageError for what is no data; RunError for rows in memory that will not do
 */
export function readData(data: Data, given: LoadOptions): { source: DataSource; options: LoadOptions } {
  if (typeof data === "string" || data === null || data === undefined)
    return { source: data, options: given };
  if (!isLoaded(data)) return { source: federationInMemory(data, completed(given)), options: given };
  const own = dataSettings(data);
  if (data.memory === null) return { source: sourceOf(data), options: { ...own, ...given } };
  const other = (Object.keys(given) as (keyof LoadOptions)[]).find(
    (name) => JSON.stringify(given[name]) !== JSON.stringify(own[name]),
  );
  if (other === undefined) return { source: data.memory, options: own };
  throw new UsageError(
    `${theSetting(other)} was settled when these rows in memory were loaded: give it to load`,
  );
}

/** Where data that was loaded lies. */
export function sourceOf({ path, memory }: FederatedData): DataSource {
  return memory ?? path!;
}

/** Whether a value is data that `load` returned. */
export function isLoaded(data: unknown): data is FederatedData {
  return (
    typeof data === "object" && data !== null && "kind" in data && data.kind === "data" && "memory" in data
  );
}

/** Those of some settings that say how data is read. */
export function optionsOf(settings: LoadOptions): LoadOptions {
  const given = DATA_SETTINGS.filter((name) => settings[name] !== undefined && settings[name] !== null);
  return Object.fromEntries(given.map((name) => [name, settings[name]]));
}

function completed(options: LoadOptions): DataSettings {
  return dataSettings(configure({ ...options, data: "rows in memory" }));
}

/** The partitions, in client order, one at a time. */
export async function* partitions(
  source: DataSource,
  columns: DataSettings,
): AsyncGenerator<[client: string, partition: Partition]> {
  yield* partitionsOf(await listPartitions(source, columns));
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
