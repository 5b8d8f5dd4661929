import { snakeCase } from "../casing.js";

const NAMES: Readonly<Record<string, string>> = {
  silhouetteScore: "silhouette (exact)",
  simplifiedSilhouetteScore: "silhouette (simplified)",
  adjustedRandIndex: "adjusted Rand index",
  meanClientAdjustedRandIndex: "adjusted Rand index, mean of clients",
  daviesBouldinScore: "Davies-Bouldin",
  calinskiHarabaszScore: "Calinski-Harabasz",
};

/** What a number of a run is called in tables and charts, e.g. "adjusted Rand index". */
export function metricName(name: string): string {
  return NAMES[name] ?? snakeCase(name).replaceAll("_", " ");
}
