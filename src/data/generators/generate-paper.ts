import { theSetting, UsageError } from "../../errors.js";
import { exp } from "../../numerics/elementary.js";
import type { Matrix } from "../../numerics/matrix.js";
import { type RandomStream, randomStream } from "../../numerics/random.js";
import { completeSettings } from "../../settings/check.js";
import type { ValuesOf } from "../../settings/setting.js";
import { checkSize } from "./check-size.js";
import type { DatasetClient, Generated } from "./dataset.js";

/** The options of `generatePaper`; the order is that of `--help`. */
export const PAPER_OPTIONS = {
  /** Clients. Default: 5. */
  numClients: { type: "integer", default: 5, min: 1, help: "clients" },
  /** Points of each of the 16 clusters. Default: 50. */
  pointsPerCluster: { type: "integer", default: 50, min: 1, help: "points of each of the 16 clusters" },
  /** Standard deviation of a cluster. Default: 1. */
  noise: { type: "number", default: 1, above: 0, help: "standard deviation of a cluster" },
  /** Reach of a client: it takes a point with probability 1 - exp(-beta/distance). Default: 0.1. */
  beta: {
    type: "number",
    default: 0.1,
    above: 0,
    help: "reach of a client: it takes a point with probability 1 - exp(-beta/distance)",
  },
  /** Seed. Default: 42. */
  randomState: { type: "integer", default: 42, min: 0, help: "seed" },
} as const;

/** The synthetic data of Garst & Reinders, Federated K-Means Clustering (2024), section 4. */
export interface PaperOptions extends Readonly<ValuesOf<typeof PAPER_OPTIONS>> {}

const GRID = [-7.5, -2.5, 2.5, 7.5];
const CENTERS: Matrix = {
  data: Float64Array.from(GRID.flatMap((x) => GRID.flatMap((y) => [x, y]))),
  nRows: 16,
  nColumns: 2,
};
/** Clients are located within this distance of the origin, along both axes. */
const LOCATION_BOUND = 10;

/**
 * Draws 16 clusters on a grid and lets clients, each at a random place, take points: each client takes a point at a
 * distance with probability 1 - exp(-beta / distance); of several takers one is picked at random. A point that none
 * takes goes to the nearest client: the law under which the published data are likeliest by far.
 *
 * @returns clients named "0", "1", ...; labels count the centres by x, then by y
 * @throws UsageError naming the first option that is out of range, or if a client ends with no points
 */
export function generatePaper(given: Partial<PaperOptions>): Generated<PaperOptions> {
  const options = completeSettings(PAPER_OPTIONS, given);
  checkSize(options, ["pointsPerCluster"], CENTERS.data.length);
  checkSize(options, ["numClients"]);
  const { numClients, pointsPerCluster, noise, beta, randomState } = options;
  const stream = (name: string) => randomStream(randomState, `generate/paper/${name}`);
  const locations = drawLocations(numClients, stream("locations"));
  const offers = stream("offers");
  const points: number[][] = Array.from({ length: numClients }, () => []);
  const labels: number[][] = Array.from({ length: numClients }, () => []);
  for (let cluster = 0; cluster < CENTERS.nRows; cluster++) {
    const draws = stream(`cluster/${cluster}`);
    for (let i = 0; i < pointsPerCluster; i++) {
      const x = CENTERS.data[2 * cluster] + noise * draws.normal();
      const y = CENTERS.data[2 * cluster + 1] + noise * draws.normal();
      const taker = offer(distancesTo(locations, x, y), beta, offers);
      points[taker].push(x, y);
      labels[taker].push(cluster);
    }
  }
  const clients = points.map((values, index) => toClient(String(index), values, labels[index]));
  return { clients, centers: CENTERS, options };
}

function drawLocations(numClients: number, stream: RandomStream): Float64Array {
  return Float64Array.from({ length: 2 * numClients }, () => LOCATION_BOUND * (2 * stream.uniform() - 1));
}

function distancesTo(locations: Float64Array, x: number, y: number): Float64Array {
  return Float64Array.from({ length: locations.length / 2 }, (_, client) => {
    const dx = x - locations[2 * client];
    const dy = y - locations[2 * client + 1];
    return Math.sqrt(dx * dx + dy * dy);
  });
}

/** Which client gets a point. */
function offer(distances: Float64Array, beta: number, stream: RandomStream): number {
  const takers: number[] = [];
  distances.forEach((distance, client) => {
    if (stream.uniform() < 1 - exp(-beta / distance)) takers.push(client);
  });
  return takers.length > 0
    ? takers[stream.integer(takers.length)]
    : distances.indexOf(Math.min(...distances));
}

function toClient(name: string, values: number[], labels: number[]): DatasetClient {
  if (labels.length === 0) {
    throw new UsageError(
      `client ${name} ends with no points; raise ${theSetting("pointsPerCluster")}, lower ${theSetting("numClients")} or change ${theSetting("randomState")}`,
    );
  }
  const rows = { data: Float64Array.from(values), nRows: labels.length, nColumns: 2 };
  return { name, rows, labels: Int32Array.from(labels) };
}
