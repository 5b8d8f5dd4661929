// Rebuilds data/patients/patients.csv: invented patients of four hospitals, as untidy as such tables are.
// Usage: node data/build-patients.mjs [FILE.csv]
import { writeFileSync } from "node:fs";

// Groups of adults with diabetes, loosely as Ahlqvist et al. (2018) found them by k-means:
// mean and standard deviation of age, body mass index, HbA1c (mmol/mol), HOMA2-B (%) and HOMA2-IR.
const GROUPS = [
  { mean: [56, 28.5, 98, 46, 3.0], sd: [8, 3.2, 12, 14, 0.8] },
  { mean: [64, 33.8, 54, 152, 5.6], sd: [7, 3.4, 9, 24, 0.9] },
  { mean: [47, 37.5, 57, 96, 3.3], sd: [6, 3.2, 9, 18, 0.7] },
  { mean: [69, 27.4, 50, 84, 2.4], sd: [6, 2.6, 7, 17, 0.6] },
];

// How many patients of each group a hospital sees.
const HOSPITALS = {
  Harbour: [34, 14, 18, 72],
  Hill: [12, 38, 44, 16],
  North: [46, 10, 9, 40],
  Park: [8, 26, 34, 24],
};

// mulberry32: a small generator of numbers that are the same anywhere.
let state = 2026;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
// A sum of twelve is near enough to a Gaussian, and needs no logarithm, whose last digit may differ.
const gaussian = () => Array.from({ length: 12 }, random).reduce((sum, u) => sum + u, -6);
const between = (low, high) => low + Math.floor(random() * (high - low + 1));

const HEADER = ["record", "hospital", "admitted", "age", "bmi", "hba1c", "homa_b", "homa_ir", "adult"];
const DIGITS = [0, 1, 0, 0, 1];
const FLOOR = [19, 18, 38, 10, 0.6];
// A decimal comma; whole numbers have none.
const comma = (value, digits) => value.toFixed(digits).replace(".", ",");

/** How each hospital writes what it did not measure. */
const MISSING = { Harbour: "", Hill: "n.d.", North: "NA", Park: "-1" };

function patient(hospital, group) {
  const { mean, sd } = GROUPS[group];
  const values = mean.map((m, f) => Math.max(FLOOR[f], m + sd[f] * gaussian()));
  // Hill's laboratory still reports HbA1c in percent.
  const digits = [...DIGITS];
  if (hospital === "Hill") {
    values[2] = 0.09148 * values[2] + 2.152;
    digits[2] = 1;
  }
  const cells = values.map((value, f) => comma(value, digits[f]));
  if (hospital === "North") cells[1] += " kg/m2";
  for (const f of [2, 3, 4]) if (random() < 0.03) cells[f] = MISSING[hospital];
  // Somebody types the name by hand.
  const name = hospital === "Park" && random() < 0.05 ? "park" : hospital;
  const date = `${String(between(1, 28)).padStart(2, "0")}.${String(between(1, 12)).padStart(2, "0")}.${between(2019, 2024)}`;
  return [name, date, ...cells, "1"];
}

const patients = [];
for (const [hospital, counts] of Object.entries(HOSPITALS)) {
  for (const [group, count] of counts.entries()) {
    for (let i = 0; i < count; i++) patients.push({ order: random(), cells: patient(hospital, group) });
  }
}
patients.sort((a, b) => a.order - b.order);
const lines = patients.map(({ cells }, i) => [10001 + i, ...cells].join(";"));
const file = process.argv[2] ?? new URL("patients/patients.csv", import.meta.url);
writeFileSync(file, `${[HEADER.join(";"), ...lines].join("\n")}\n`);
console.log(`${patients.length} patients`);
