import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { drawCentres, drawRows } from "./rows.mjs";

const require = createRequire(import.meta.url);
const { randomStream } = require("../dist/numerics/random.js");
const { npyParts } = require("../dist/directory/npy.js");
const { writeNpz } = require("../dist/data/formats/npz.js");
const { writeFileAtomically } = require("../dist/files/atomic-write.js");

/**
 * Writes clients of Gaussian clusters, each with rows of all of them.
 *
 * @param {{ clients: number, rows: number | number[], d: number, k: number, kind: string, format?: "npz" | "npy" }}
 *   federation `rows` of each client, or of one client after the other
 */
export async function writeClients(folder, { clients, rows, d, k, kind, format = "npz" }) {
  mkdirSync(folder, { recursive: true });
  const random = randomStream(1, `bench clients ${d} ${k} ${kind}`);
  const centres = drawCentres(random, k, d, kind);
  const sizes = Array.isArray(rows) ? rows : new Array(clients).fill(rows);
  const all = new Float64Array(Math.max(...sizes) * d);
  for (const [client, n] of sizes.entries()) {
    const data = all.subarray(0, n * d);
    drawRows(random, centres, d, data);
    const path = join(folder, `client_${client}.${format}`);
    const array = { shape: [n, d], data };
    if (format === "npy") writeFileAtomically(path, ...npyParts(array));
    else writeFileSync(path, await writeNpz({ X: array }));
  }
}

/** Runs a federation in a process of its own; see one-run.mjs for what comes of it. */
export async function oneRun(settings) {
  const program = join(import.meta.dirname, "one-run.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(settings)], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout);
}
