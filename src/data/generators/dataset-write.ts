import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renameFields, snakeCase } from "../../casing.js";
import { writeNpy } from "../../directory/npy.js";
import { messageOf, UsageError } from "../../errors.js";
import { cannotWrite } from "../../files/atomic-write.js";
import { sweepLeftovers, temporaryName } from "../../files/leftovers.js";
import { makeFolder } from "../../files/make-folder.js";
import { readRegularText } from "../../files/regular-file.js";
import { describeFeature, type FeatureDescription } from "../../numerics/describe-feature.js";
import type { Matrix } from "../../numerics/matrix.js";
import { writeNpz } from "../formats/npz.js";
import { isPartitionFile } from "../partitions/partition-folder.js";
import type { Dataset, DatasetClient } from "./dataset.js";

/** How a data set was made: the generator's name and every option of it, in camelCase. */
interface Provenance {
  readonly scheme: string;
  readonly options: object;
}

interface ClientRecord {
  name: string;
  file: string;
  n_samples: number;
  label_counts: Record<string, number>;
  features: FeatureDescription[];
}

const SCHEMA_VERSION = 1;
const METADATA_FILE = "metadata.json";
const CENTERS_FILE = "cluster_centers.npy";
const OWN_FILE = /^client_\d+\.npz$/;

/**
 * Writes client_<name>.npz (X, y) for each client, cluster_centers.npy and metadata.json. Each is complete
 * under a temporary name before any takes its place. Clients of the folder's earlier generation are removed; a
 * client file that no generation made is not touched.
 *
 * @param dataset clients named by integers
 * @param outputDir made if it is not there
 * @throws UsageError if the folder cannot be written, or holds a client file that would join the federation
 */
export async function writeDataset(
  dataset: Dataset,
  outputDir: string,
  provenance: Provenance,
): Promise<void> {
  const stale = prepareFolder(outputDir);
  const temporaries = new Map<string, string>();
  const put = (file: string, contents: Uint8Array | string) => {
    const temporary = temporaryName(join(outputDir, `.${file}`));
    temporaries.set(temporary, join(outputDir, file));
    try {
      writeFileSync(temporary, contents);
    } catch (error) {
      throw cannotWrite(join(outputDir, file), error);
    }
  };
  try {
    const clients: ClientRecord[] = [];
    for (const client of dataset.clients) {
      const record = describe(client);
      put(record.file, await clientArchive(client));
      clients.push(record);
    }
    const { centers } = dataset;
    put(CENTERS_FILE, writeNpy({ shape: [centers.nRows, centers.nColumns], data: centers.data }));
    put(METADATA_FILE, `${JSON.stringify(metadata(clients, centers, provenance), null, 2)}\n`);
    for (const file of stale) rmSync(join(outputDir, file), { force: true });
    // The metadata goes first: if the rest fails, the next generation knows which files are ours.
    for (const [temporary, path] of [...temporaries].reverse()) renameSync(temporary, path);
  } catch (error) {
    for (const temporary of temporaries.keys()) rmSync(temporary, { force: true });
    throw error;
  }
}

/** @returns the client files of an earlier generation, all of which are to go */
function prepareFolder(outputDir: string): string[] {
  try {
    makeFolder(outputDir);
  } catch (error) {
    throw new UsageError(`${outputDir}: cannot be made a folder: ${messageOf(error)}`);
  }
  sweepLeftovers(outputDir, ".");
  const own = earlierFiles(join(outputDir, METADATA_FILE));
  const foreign = readdirSync(outputDir).find((file) => isClientFile(file) && !own.includes(file));
  if (foreign !== undefined) {
    throw new UsageError(
      `${join(outputDir, foreign)}: already there and not generated, it would join the federation; move it or choose another folder`,
    );
  }
  return own;
}

function isClientFile(name: string): boolean {
  return /^client_/i.test(name) && isPartitionFile(name);
}

/** Client files that a metadata.json of ours lists; none if there is no such file. */
function earlierFiles(metadataPath: string): string[] {
  try {
    const { schema_version, clients } = JSON.parse(readRegularText(metadataPath));
    if (schema_version !== SCHEMA_VERSION) return [];
    return (clients as ClientRecord[]).map(({ file }) => file).filter((file) => OWN_FILE.test(file));
  } catch {
    return [];
  }
}

function clientArchive({ rows, labels }: DatasetClient): Promise<Uint8Array> {
  return writeNpz({
    X: { shape: [rows.nRows, rows.nColumns], data: rows.data },
    y: { shape: [rows.nRows], data: BigInt64Array.from(labels, BigInt) },
  });
}

function describe({ name, rows, labels }: DatasetClient): ClientRecord {
  const label_counts: Record<string, number> = {};
  for (const label of labels) label_counts[label] = (label_counts[label] ?? 0) + 1;
  const features = Array.from({ length: rows.nColumns }, (_, column) =>
    describeFeature(Array.from({ length: rows.nRows }, (_, row) => rows.data[row * rows.nColumns + column])),
  );
  return { name, file: `client_${name}.npz`, n_samples: rows.nRows, label_counts, features };
}

function metadata(clients: ClientRecord[], centers: Matrix, { scheme, options }: Provenance): object {
  return {
    schema_version: SCHEMA_VERSION,
    scheme,
    configuration: renameFields(options, snakeCase),
    clients,
    n_samples: clients.reduce((sum, { n_samples }) => sum + n_samples, 0),
    n_features: centers.nColumns,
    n_clusters: centers.nRows,
  };
}
