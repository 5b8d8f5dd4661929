import { checkNames } from "../../settings/check.js";
import type { SettingTable } from "../../settings/setting.js";
import type { Dataset, Generated } from "./dataset.js";
import { writeDataset } from "./dataset-write.js";
import { BLOBS_OPTIONS, generateBlobs } from "./generate-blobs.js";
import { generatePaper, PAPER_OPTIONS } from "./generate-paper.js";

interface Scheme {
  readonly options: SettingTable;
  generate(given: object): Generated<object>;
}

export type SchemeName = "blobs" | "paper";

/** How data can be generated. */
export const SCHEMES: Readonly<Record<SchemeName, Scheme>> = {
  blobs: { options: BLOBS_OPTIONS, generate: generateBlobs },
  paper: { options: PAPER_OPTIONS, generate: generatePaper },
};

/**
 * Generates a federation's data and writes it.
 *
 * @param given options of the scheme that differ from their defaults
 * @param outputDir made if it is not there
 * @throws UsageError naming the option that is unknown or out of range, or if the folder will not do
 */
export async function generateInto(outputDir: string, name: SchemeName, given: object): Promise<Dataset> {
  const { options, generate } = SCHEMES[name];
  checkNames(options, given, (unknown) => `unknown option ${unknown} of the scheme ${name}`);
  const dataset = generate(given);
  await writeDataset(dataset, outputDir, { scheme: name, options: dataset.options });
  return dataset;
}
