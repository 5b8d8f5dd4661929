import type { Prediction } from "../experiment/predict.js";
import { type Table, textTable } from "../markup/text-table.js";

/** The most clusters and clients that a table shows: nobody would read a larger one. */
const MAX_CLUSTERS = 20;
const MAX_CLIENTS = 20;

/** The number of rows in each cluster, by client. */
export function predictionTable({ clients, clusterSizes }: Prediction): Table {
  const shown = clusterSizes.slice(0, MAX_CLUSTERS);
  const header = ["client", "rows", ...shown.map((_, cluster) => `cluster ${cluster}`)];
  const rows = clients.slice(0, MAX_CLIENTS).map(({ name, nSamples, labels }) => {
    const counts = new Array<number>(clusterSizes.length).fill(0);
    for (const label of labels) counts[label] += 1;
    return [name, String(nSamples), ...shown.map((_, cluster) => String(counts[cluster]))];
  });
  if (clients.length > 1) {
    const total = clients.reduce((sum, { nSamples }) => sum + nSamples, 0);
    rows.push([`all ${clients.length}`, String(total), ...shown.map(String)]);
  }
  return { header, rows };
}

export function predictionReport(prediction: Prediction): string {
  return textTable(predictionTable(prediction));
}
