import { federationSets } from "./group-cost-data.mjs";
import { pooledMeans, runMeans, scoreOn } from "./group-cost-trial.mjs";
import { median } from "./rows.mjs";

/*
 * What groups of T to 2T - 1 rows cost a clustering. Everything is scored on rows, against the same at T = 1: first the
 * k-means of all clients' points, best of ten starts, which is what groups cost by themselves; then by how many groups a
 * client has for each cluster; then runs.
 */

const SIZES = [1, 2, 3, 5, 10, 20];
/** The default. */
const RUN_SIZE = 5;
const ALGORITHMS = ["fkm", "best-lloyd"];
/** Bounds of the second table's lines: groups a cluster. */
const BOUNDS = [Infinity, 16, 8, 5, 2, 1, 0];

/**
 * @param {{ paper?: string, writers?: string }} folders of data that are not part of the repository
 * @returns {Promise<string>} three tables, as Markdown
 */
export async function benchGroupCost(folders) {
  const { sets, absent } = await federationSets(folders);
  const pooled = table(["data (rows a client, clusters)", ...SIZES.map((size) => `T = ${size}`)]);
  const runs = table(["data", ...ALGORITHMS.flatMap((name) => [`${name}, T = 1`, `T = ${RUN_SIZE}`])]);
  const all = [];
  for (const set of sets) {
    const bySize = await costsOf(set, SIZES, pooledMeans);
    pooled.add([nameOf(set), ...bySize.map(cellOf)]);
    all.push(...bySize.flat());
    const cells = [];
    for (const algorithm of ALGORITHMS) {
      const costs = await costsOf({ ...set, algorithm }, [1, RUN_SIZE], runMeans);
      cells.push(...costs.map(cellOf));
    }
    runs.add([set.name, ...cells]);
    console.error(`${pooled.last()}\n    ${runs.last()}`);
  }
  const skipped = absent.length === 0 ? "" : `Not measured here: ${absent.join("; ")}.\n\n`;
  return (
    `k-means of all points, best of ten starts:\n\n${pooled.text()}\n\n${skipped}` +
    `The same by how many groups of T the client of the median row has for each cluster, its rows over k T:\n\n` +
    `${costByGroups(all).text()}\n\nRuns:\n\n${runs.text()}`
  );
}

/**
 * What each federation of a set, with each seed, comes to at some sizes; the first is 1.
 *
 * @param find what clusters: see group-cost-trial.mjs
 * @returns for each size, of each clustering: ARI, its change, the inertia over that of rows, groups a cluster
 */
async function costsOf(set, sizes, find) {
  const bySize = sizes.map(() => []);
  for (const federation of set.federations) {
    for (const seed of set.seeds) {
      let exact = null;
      for (const [at, groupSize] of sizes.entries()) {
        const found = await find(federation, { ...set, groupSize, seed });
        exact ??= { space: found.transform };
        const { ari, inertia } = scoreOn(federation, found, exact.space);
        exact.ari ??= ari;
        exact.inertia ??= inertia;
        bySize[at].push({
          ari,
          change: ari === null ? null : ari - exact.ari,
          ratio: inertia / exact.inertia,
          groups: groupSize === 1 ? null : rowsOfTypicalClient(federation) / (set.k * groupSize),
        });
      }
    }
  }
  return bySize;
}

/** Of the client that has the median row. */
function rowsOfTypicalClient(clients) {
  return median(clients.flatMap(({ rows: { nRows } }) => new Array(nRows).fill(nRows)));
}

function nameOf({ name, k, federations }) {
  const rows = federations.flat().map((client) => client.rows.nRows);
  const [least, most] = [Math.min(...rows), Math.max(...rows)];
  return `${name} (${least === most ? least : `${least} to ${most}`}, ${k})`;
}

/** ARI without groups; with them its mean change, and the inertia in times that without. Without labels the latter. */
function cellOf(costs) {
  const isExact = costs[0].groups === null;
  const ratio = isExact ? "1" : mean(costs.map((cost) => cost.ratio)).toFixed(3);
  if (costs[0].ari === null) return ratio;
  if (isExact) return mean(costs.map(({ ari }) => ari)).toFixed(3);
  return `${signed(mean(costs.map(({ change }) => change)))} / ${ratio}`;
}

/** What all clusterings with groups cost, by how many groups there are for each cluster. */
function costByGroups(costs) {
  const lines = table([
    ...["groups a cluster", "clusterings", "inertia, half of them within", "nine of ten within"],
    ...["ARI, mean change", "nine of ten lose at most"],
  ]);
  for (let b = 1; b < BOUNDS.length; b++) {
    const [most, least] = [BOUNDS[b - 1], BOUNDS[b]];
    const those = costs.filter(({ groups }) => groups !== null && groups >= least && groups < most);
    const changes = those.flatMap(({ change }) => change ?? []);
    if (changes.length === 0) continue;
    const excess = (part) =>
      `+${(
        100 *
          quantile(
            those.map(({ ratio }) => ratio - 1),
            part,
          )
      ).toFixed(1)} %`;
    lines.add([
      most === Infinity ? `${least} and more` : `${least} to ${most}`,
      those.length,
      excess(0.5),
      excess(0.9),
      signed(mean(changes)),
      Math.max(0, -quantile(changes, 0.1)).toFixed(3),
    ]);
  }
  return lines;
}

/** A table in Markdown, the first column of which is of text. */
function table(head) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const lines = [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:")))];
  return { add: (cells) => lines.push(line(cells)), last: () => lines.at(-1), text: () => lines.join("\n") };
}

function signed(x) {
  const text = x.toFixed(3);
  return Number(text) === 0 ? "0.000" : x > 0 ? `+${text}` : text;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}
