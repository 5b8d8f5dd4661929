import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { exp, log } from "#src/numerics/elementary.js";
import { randomStream } from "#src/numerics/random.js";
import { runOnNodeAndDeno } from "../support/deno.js";
import { askPython, skipWithoutPython } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

const view = new DataView(new ArrayBuffer(8));

/** Distance between a finite number's magnitude and the next float. */
function unitInLastPlace(x: number): number {
  view.setFloat64(0, Math.abs(x));
  view.setBigInt64(0, view.getBigInt64(0) + 1n);
  return view.getFloat64(0) - Math.abs(x);
}

/** Positive numbers of every magnitude, and some at the seams of the reduction. */
function positives(): number[] {
  const random = randomStream(0, "elementary");
  const spread = Array.from(
    { length: 400 },
    () => 2 ** Math.floor(2090 * random.uniform() - 1070) * (1 + random.uniform()),
  );
  const near1 = Array.from({ length: 100 }, (_, i) => 1 + (random.uniform() - 0.5) * 2 ** -(i / 2));
  const seams = [
    Math.SQRT2,
    Math.SQRT1_2,
    2,
    0.5,
    3,
    1 + 2 ** -52,
    1 - 2 ** -53,
    Number.MIN_VALUE,
    2 ** -1022,
  ];
  return [...spread, ...near1, ...seams, Number.MAX_VALUE].filter((x) => x > 0 && x !== 1 && x < Infinity);
}

function exponents(): number[] {
  const random = randomStream(0, "exponents");
  const spread = Array.from({ length: 300 }, () => 1400 * random.uniform() - 700);
  const small = Array.from({ length: 100 }, (_, i) => (random.uniform() - 0.5) * 2 ** -(i / 2));
  const seams = [
    1,
    -1,
    Math.LN2 / 2,
    -Math.LN2 / 2,
    709.782712893384,
    709.5,
    -708.5,
    -708.3,
    -720.25,
    -745.1,
    -745.13,
  ];
  return [...spread, ...small, ...seams];
}

test("logarithm and exponential are within a unit in the last place of the true value", {
  skip: skipWithoutPython,
}, () => {
  const asked = { log: positives(), exp: exponents() };
  // The error in units in the last place, in 60 digits.
  const errors = askPython<Record<"log" | "exp", number[]>>(
    `
from decimal import Decimal, getcontext
from math import ulp
getcontext().prec = 60
def errors(function):
    return [float(abs(Decimal(y) - getattr(Decimal(x), {"log": "ln", "exp": "exp"}[function])()) / Decimal(ulp(y)))
            for x, y in cases[function]]
answer({function: errors(function) for function in cases})
`,
    { log: asked.log.map((x) => [x, log(x)]), exp: asked.exp.map((x) => [x, exp(x)]) },
  );
  for (const name of ["log", "exp"] as const) {
    assert.equal(errors[name].length, asked[name].length);
    const worst = Math.max(...errors[name]);
    assert.ok(worst < 1, `${name}(${asked[name][errors[name].indexOf(worst)]}) is ${worst} units off`);
  }
});

test("logarithm and exponential are within a unit in the last place of the engine's", () => {
  // The engine's own are within a unit too.
  const nearby = (actual: number, expected: number) =>
    assert.ok(
      Math.abs(actual - expected) <= unitInLastPlace(expected),
      `expected ${expected}, found ${actual}`,
    );
  fc.assert(
    fc.property(fc.double({ min: 0, minExcluded: true, max: Number.MAX_VALUE, noNaN: true }), (x) =>
      nearby(log(x), Math.log(x)),
    ),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.double({ min: -745, max: 709.78, noNaN: true }), (x) => nearby(exp(x), Math.exp(x))),
    { numRuns: 2000 },
  );
});

test("at the ends of their ranges they are what IEEE 754 and Math say", () => {
  for (const x of [0, -0, 1, -1, -Infinity, Infinity, NaN]) assert.equal(log(x), Math.log(x), `log(${x})`);
  for (const x of [0, -0, -Infinity, Infinity, NaN]) assert.equal(exp(x), Math.exp(x), `exp(${x})`);
  for (const x of [709.7827128933841, 1e308, -745.1332191019412, -1e308])
    assert.equal(exp(x), Math.exp(x), `exp(${x})`);
});

test("Node and Deno compute the same bits", (context) => {
  const module = (name: string) => JSON.stringify(join(process.cwd(), "dist/numerics", name));
  const { node, deno } = runOnNodeAndDeno(
    temporaryFolder(context),
    `
const { log, exp } = require(${module("elementary.js")});
const { randomStream } = require(${module("random.js")});
const { createHash } = require("node:crypto");
const random = randomStream(7, "bits");
const values = new Float64Array(300_000);
for (let i = 0; i < values.length; i += 3) {
  values[i] = log(2 ** Math.floor(2000 * random.uniform() - 1000) * random.uniform());
  values[i + 1] = exp(1400 * random.uniform() - 700);
  values[i + 2] = random.normal();
}
console.log(createHash("sha256").update(values).digest("hex"));
`,
  );
  assert.match(node, /^[0-9a-f]{64}\n$/);
  assert.equal(node, deno);
});
