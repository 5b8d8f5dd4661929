import { readFileSync } from "node:fs";
import { type RandomStream, randomStream } from "#src/numerics/random.js";
import type { Lattice } from "./row-proof.js";

/** A client as attacks find it, and what stands for others like it. */
export interface AttackedClient {
  readonly name: string;
  readonly rows: readonly (readonly number[])[];
  /** Each row's class. */
  readonly labels: readonly string[];
  /** As many rows of the same source that the client has not. */
  readonly heldOut: readonly (readonly number[])[];
}

export interface AttackedData {
  readonly name: string;
  readonly clients: readonly AttackedClient[];
  /** What everybody knows of the columns. */
  readonly columns: readonly Lattice[];
}

type Draw = (random: RandomStream) => number[];

/** Files that have been hard: small whole numbers, mostly zeros, many equals, few rows; the last two most of all. */
export function attackedData(): AttackedData[] {
  return [penguins(), ANSWERS, SYMPTOMS, LAB, ORDERS, TINY, STAIRCASE, NEEDLES].map((data) =>
    "draw" in data ? drawn(data) : data,
  );
}

interface Source {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly columns: readonly Lattice[];
  readonly draw: Draw;
}

const upTo = (high: number, low = 0, step = 1): Lattice => ({ low, step, high });
const from0 = (step: number): Lattice => ({ low: 0, step, high: Infinity });
const repeated = <T>(times: number, value: T): T[] => new Array<T>(times).fill(value);
const within = (x: number, low: number, high: number) => Math.max(low, Math.min(high, Math.round(x)));

/** Four answers on a scale of 1 to 5, which go together. */
const ANSWERS: Source = {
  name: "answers",
  sizes: [60, 45, 25],
  columns: repeated(4, upTo(5, 1)),
  draw(random) {
    const mood = random.normal();
    return repeated(4, 0).map(() => within(3.2 + 0.9 * mood + 0.8 * random.normal(), 1, 5));
  },
};

/** Six yes/no columns, of one to four in ten. */
const SYMPTOMS: Source = {
  name: "symptoms",
  sizes: [100, 60, 40],
  columns: repeated(6, upTo(1)),
  draw: (random) => [0.1, 0.15, 0.2, 0.25, 0.3, 0.4].map((share) => (random.uniform() < share ? 1 : 0)),
};

/** Values of a laboratory, with one decimal: 0 of nine patients in ten. */
const LAB: Source = {
  name: "lab",
  sizes: [120, 70, 40],
  columns: repeated(4, from0(0.1)),
  draw: (random) =>
    repeated(4, 0).map(() => (random.uniform() < 0.1 ? Math.round(300 * random.uniform() ** 2 + 5) / 10 : 0)),
};

/** Twelve rows that come again and again, and one in fifteen of its own. */
const ORDERS: Source = {
  name: "orders",
  sizes: [90, 60, 45],
  columns: [upTo(9), upTo(9), upTo(9)],
  draw(random) {
    if (random.uniform() < 1 / 15) return repeated(3, 0).map(() => random.integer(10));
    const kind = Math.min(random.integer(12), random.integer(12));
    return [kind % 4, (5 * kind) % 7, (3 * kind) % 10];
  },
};

/** Clients of hardly any rows, one of them of fewer than most groups. */
const TINY: Source = {
  name: "tiny",
  sizes: [3, 6, 11, 24],
  columns: [upTo(20), upTo(20)],
  draw: (random) => [within(10 + 4 * random.normal(), 0, 20), within(10 + 4 * random.normal(), 0, 20)],
};

/** Hard: one column that varies, in steps hardly wider than its groups, so that groups are runs of the sorted values. */
const STAIRCASE: Source = {
  name: "staircase",
  sizes: [50, 30, 12],
  columns: [upTo(15), upTo(1)],
  draw: (random) => [Math.floor(16 * random.uniform() ** 2), 1],
};

/** Hard: rows that are all alike but for a few patients' single values, which nothing else is near. */
const NEEDLES: Source = {
  name: "needles",
  sizes: [80, 50, 25],
  columns: [from0(1), from0(1), from0(1)],
  draw: (random) =>
    [997, 9973, 49_999].map((most) => (random.uniform() < 0.04 ? 1 + random.integer(most) : 0)),
};

function drawn({ name, sizes, columns, draw }: Source): AttackedData {
  const clients = sizes.map((size, c) => {
    const random = randomStream(20, `${name}/${c}`);
    const rows = Array.from({ length: size }, () => draw(random));
    return {
      name: `${name} ${c}`,
      rows,
      labels: rows.map(() => (random.uniform() < 0.5 ? "yes" : "no")),
      heldOut: Array.from({ length: size }, () => draw(random)),
    };
  });
  return { name, clients, columns };
}

export const ISLANDS = ["Biscoe", "Dream", "Torgersen"] as const;

/** All penguins of an island, and their species. */
export function penguinsOf(island: string): Pick<AttackedClient, "name" | "rows" | "labels"> {
  const [header, ...lines] = readFileSync(`data/penguins/${island}.csv`, "utf8").trim().split("\n");
  const species = header.split(",").indexOf("species");
  const all = lines.map((line) => line.split(","));
  return {
    name: island,
    rows: all.map((fields) => fields.filter((_, i) => i !== species).map(Number)),
    labels: all.map((fields) => fields[species]),
  };
}

/** Half of each island's penguins, the other half held out. */
function penguins(): AttackedData {
  const clients = ISLANDS.map((name) => {
    const { rows, labels } = penguinsOf(name);
    const order = [...rows.keys()];
    randomStream(20, name).shuffle(order);
    const half = Math.floor(order.length / 2);
    return {
      name,
      rows: order.slice(0, half).map((i) => rows[i]),
      labels: order.slice(0, half).map((i) => labels[i]),
      heldOut: order.slice(half, 2 * half).map((i) => rows[i]),
    };
  });
  return {
    name: "penguins",
    clients,
    columns: [upTo(70, 20, 0.1), upTo(30, 10, 0.1), upTo(250, 150, 1), upTo(7000, 2000, 25)],
  };
}
