import { existsSync } from "node:fs";
import type { TestContext } from "node:test";
import type { Dataset, DatasetClient } from "#src/data/generators/dataset.js";
import { writeDataset } from "#src/data/generators/dataset-write.js";
import { generatePaper, type PaperOptions } from "#src/data/generators/generate-paper.js";
import { temporaryFolder } from "./temporary.js";

/** The authors' data of the published study: a folder with a folder a cell. They are not ours to ship. */
export const PAPER_DATA: string = process.env.PAPER_DATA ?? "";

/** For a test's `skip`: false, or why there is nothing to compare with. */
export const skipWithoutPaperData: string | false =
  PAPER_DATA !== "" && existsSync(PAPER_DATA)
    ? false
    : "PAPER_DATA does not name a folder with the authors' data";

/** A folder with a dataset's files, for the time of a test. */
export async function folderOf(test: TestContext, dataset: Dataset): Promise<string> {
  const folder = temporaryFolder(test);
  await writeDataset(dataset, folder, { scheme: "paper", options: {} });
  return folder;
}

export function paperData(options: Partial<PaperOptions>): Dataset {
  return generatePaper(options);
}

/** The rows of a dataset shared out anew: `owner` names the client of each row, by its label and its index. */
export function sharedOut(dataset: Dataset, owner: (label: number, index: number) => number): Dataset {
  const rows: number[][] = [];
  const labels: number[][] = [];
  let index = 0;
  for (const client of dataset.clients) {
    client.labels.forEach((label, i) => {
      const to = owner(label, index++);
      (rows[to] ??= []).push(...client.rows.data.subarray(2 * i, 2 * i + 2));
      (labels[to] ??= []).push(label);
    });
  }
  const clients = rows.map(
    (values, c): DatasetClient => ({
      name: String(c),
      rows: { data: Float64Array.from(values), nRows: labels[c].length, nColumns: 2 },
      labels: Int32Array.from(labels[c]),
    }),
  );
  return { ...dataset, clients };
}
