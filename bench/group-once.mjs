import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { peakBytes } from "./peak-bytes.mjs";

/* group-once.mjs ROWS.npy SIZE: puts rows into groups once; prints seconds, CPU seconds, peak memory and how many groups. */

const require = createRequire(import.meta.url);
const { readNpy } = require("../dist/directory/npy.js");
const { groupRows, pointsOf } = require("../dist/privacy/groups.js");

const [path, size] = process.argv.slice(2);
const { data, shape } = readNpy(readFileSync(path));
const rows = { data, nRows: shape[0], nColumns: shape[1] };
const cpu = process.cpuUsage();
const start = performance.now();
const { weights } = pointsOf(rows, null, groupRows(rows, null, Number(size)));
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(cpu);
const cpuSeconds = (user + system) / 1e6;
console.log(JSON.stringify({ seconds, cpuSeconds, peakBytes: peakBytes(), nGroups: weights.length }));
