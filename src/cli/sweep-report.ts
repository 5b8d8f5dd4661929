import { kebabCase } from "../experiment/settings.js";
import { textTable } from "../notebook/text-table.js";
import type { SweepResult } from "../study/sweep.js";

/** What a person reads at the end of a sweep. */
export function sweepReport({ summary, output }: SweepResult): string {
  const keys = Object.keys(summary[0].keys);
  const has = (name: string) => summary.some((cell) => name in cell.metrics);
  const shown = ["adjusted_rand_index", "inertia", "simplified_silhouette_score", "rounds"].filter(has);
  const rows = summary.map((cell) => [
    keys.map((key) => String(cell.keys[key])).join(" ") || "all",
    `${cell.n_completed} of ${cell.n_completed + cell.n_failed}`,
    ...shown.map((name) => {
      const found = cell.metrics[name];
      if (found === undefined) return "-";
      const spread = found.sd === null ? "" : ` ± ${Number(found.sd.toPrecision(2))}`;
      return `${Number(found.mean.toPrecision(5))}${spread}`;
    }),
  ]);
  const failures = summary
    .filter((cell) => cell.error !== null)
    .map(
      (cell) =>
        `failed: ${keys.map((key) => `${kebabCase(key)} ${cell.keys[key]}`).join(", ")}: ${cell.error}\n`,
    );
  const header = [
    keys.map(kebabCase).join(" ") || "runs",
    "runs",
    ...shown.map((name) => name.replaceAll("_", " ")),
  ];
  return `\n${textTable(header, rows)}\n${failures.join("")}mean ± standard deviation over seeds\n${output ?? ""}\n`;
}
