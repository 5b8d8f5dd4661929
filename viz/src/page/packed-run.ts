import type { ClientFacts, ClientPoints, Experiment } from "../read/experiment.js";
import { type LabelsOf, labeller } from "../read/labels.js";
import type { RoundRange } from "../scene/frames/steps.js";
import { type AxisScale, type Domain, domainOf } from "../scene/stage/scale.js";
import { fromPlanes, joined, toPlanes } from "./bytes.js";
import { packLabels, unpackLabels } from "./label-changes.js";

/*
 * All that a page draws of an experiment, in one block of bytes: a length, that many bytes of JSON, and the parts that the
 * JSON names. In the JSON a matrix is the number of its values, which stand in a part in the order of the JSON. Means keep
 * all their digits, as the shortest of their steps is shown. Points are whole numbers of 16 bits over the range of the axes
 * and as much on each side: a hundredth of a logical unit. Numbers are little-endian, as all machines that have a browser.
 *
 * What is only there to be counted with stays behind: features of points, of which the labels are known, and of means.
 */

/** What of a run a page shows. */
export interface Shown {
  /** Numbers of rounds; null: all. */
  readonly rounds: RoundRange | null;
  /** Names; null: all. */
  readonly clients: readonly string[] | null;
  readonly scale: AxisScale;
}

/** What a page is made of. */
export interface PackedRun {
  readonly shown: Shown;
  readonly experiment: Experiment;
  readonly labelsOf: LabelsOf;
  /** How far each global mean moved in each round, in the space clustered in; null in the first. */
  readonly moves: readonly (readonly number[] | null)[];
  /** Font files of the regular and the semibold face. */
  readonly fonts: readonly Uint8Array[];
}

/** Steps of a coordinate. */
const STEPS = 65535;

interface Manifest {
  readonly shown: Shown;
  readonly experiment: unknown;
  readonly moves: PackedRun["moves"];
  readonly domain: Domain;
  /** Points of each client; null where they stayed with it. */
  readonly points: readonly (number | null)[];
  /** Bytes of each part: means, points, labels, fonts. */
  readonly parts: readonly number[];
}

interface Matrix {
  /** Which part its values are in, and how many they are. */
  readonly $: "means" | "points" | "left";
  readonly n: number;
}

/** Packs an experiment with its labels. The same gives the same bytes. */
export function packRun(
  experiment: Experiment,
  { rounds, clients, scale }: Shown,
  fonts: readonly Uint8Array[],
): Uint8Array {
  const means: number[] = [];
  const steps: number[] = [];
  const domain = domainOf(experiment);
  const last = experiment.rounds.at(-1)!.round;
  const isShown = ({ name }: ClientFacts) => clients === null || clients.includes(name);
  // A client that is not shown has no rows in the page.
  const facts = experiment.clients.map((client) => (isShown(client) ? client : { ...client, points: null }));
  const points = facts.map((client) => client.points?.nPoints ?? null);
  const strip = (value: unknown, key: string, parent: unknown): unknown => {
    if (typeof value === "number" && !Number.isFinite(value)) return { $: String(value) };
    if (value instanceof Float64Array) return packMatrix(value, key, parent);
    if (Array.isArray(value)) return value.map((one) => strip(one, key, value));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, strip(one, name, value)]));
  };

  function packMatrix(values: Float64Array, key: string, parent: unknown): Matrix {
    if (key === "features" || key === "means") return { $: "left", n: 0 };
    if (key === "positions" && isPoints(parent)) {
      for (const [i, value] of values.entries()) steps.push(toStep(value, i % 2 === 0 ? domain.x : domain.y));
      return { $: "points", n: values.length };
    }
    for (const value of values) means.push(value);
    return { $: "means", n: values.length };
  }

  const stripped = strip(
    { ...experiment, clients: facts, directory: lastPart(experiment.directory) },
    "",
    null,
  );
  const labels = packLabels(points, experiment.rounds.length, labeller(experiment));
  const bytesOf = (numbers: Float64Array | Uint16Array) => new Uint8Array(numbers.buffer);
  const parts = [
    toPlanes(bytesOf(Float64Array.from(means)), 8),
    toPlanes(bytesOf(Uint16Array.from(steps)), 2),
    labels,
    ...fonts,
  ];
  const manifest: Manifest = {
    shown: { rounds: rounds && { first: rounds.first, last: Math.min(rounds.last, last) }, clients, scale },
    experiment: stripped,
    moves: movesOf(experiment),
    domain,
    points,
    parts: parts.map(({ length }) => length),
  };
  const json = new TextEncoder().encode(JSON.stringify(manifest));
  return joined([new Uint8Array(Uint32Array.of(json.length).buffer), json, ...parts]);
}

/** What was packed: an experiment without features, and its labels. */
export function unpackRun(block: Uint8Array): PackedRun {
  const length = new DataView(block.buffer, block.byteOffset).getUint32(0, true);
  const manifest: Manifest = JSON.parse(new TextDecoder().decode(block.subarray(4, 4 + length)));
  let at = 4 + length;
  const [means, steps, labels, ...fonts] = manifest.parts.map((size) => block.slice(at, (at += size)));
  const values = {
    left: new Float64Array(0),
    means: new Float64Array(fromPlanes(means, 8).buffer),
    points: new Uint16Array(fromPlanes(steps, 2).buffer),
  };
  const next = { left: 0, means: 0, points: 0 };
  const { shown, domain, moves, points } = manifest;
  const restore = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(restore);
    if (typeof value !== "object" || value === null) return value;
    if (!("$" in value)) {
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, restore(one)]));
    }
    if (!("n" in value)) return Number(value.$);
    const { $: part, n } = value as Matrix;
    const own = values[part].subarray(next[part], (next[part] += n));
    if (part !== "points") return own;
    return Float64Array.from(own, (step, i) => fromStep(step, i % 2 === 0 ? domain.x : domain.y));
  };
  const experiment = restore(manifest.experiment) as Experiment;
  return {
    shown,
    experiment,
    labelsOf: unpackLabels(points, experiment.rounds.length, labels),
    moves,
    fonts,
  };
}

/** In as many digits as are said of a measure. */
function movesOf({ rounds, nFeatures }: Experiment): PackedRun["moves"] {
  return rounds.map(({ means, k }, index) => {
    const before = rounds[index - 1];
    if (before === undefined) return null;
    return Array.from({ length: Math.min(k, before.k) }, (_, cluster) => {
      let sum = 0;
      for (let i = cluster * nFeatures; i < (cluster + 1) * nFeatures; i++)
        sum += (means[i] - before.means[i]) ** 2;
      return Number(Math.sqrt(sum).toPrecision(4));
    });
  });
}

function isPoints(parent: unknown): parent is ClientPoints {
  return typeof parent === "object" && parent !== null && "nPoints" in parent;
}

/** A point beyond the axes by more than their range stays beyond them. */
function toStep(value: number, [low, high]: readonly [number, number]): number {
  const share = (value - (2 * low - high)) / (3 * (high - low));
  return Math.round(STEPS * Math.min(1, Math.max(0, share)));
}

function fromStep(step: number, [low, high]: readonly [number, number]): number {
  return 2 * low - high + (step / STEPS) * 3 * (high - low);
}

/** The last part of a path: where a directory stood is nothing for a page. */
function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}
