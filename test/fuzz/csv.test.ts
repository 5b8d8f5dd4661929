import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { CsvScanner } from "#src/data/formats/csv/scanner.js";
import { readCsvTable } from "#src/data/formats/csv/table.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { askPython, skipWithoutPython } from "../support/python.js";
import { COLUMN_DEFAULTS } from "../support/tables.js";
import { temporaryFolder } from "../support/temporary.js";

const COMMA = { delimiter: 44, isBlank: false, point: 46 };
const where = (line: number) => `line ${line}`;

/** The cells of a text by the scanner, which gets it in pieces of so many bytes. */
function scanned(text: string, nColumns: number, piece: number): string[][] {
  const kinds = new Array<"text">(nColumns).fill("text");
  const columns = [...kinds.keys()];
  const scanner = new CsvScanner(COMMA, kinds, { numbers: [], texts: columns }, 1, where);
  const bytes = Buffer.from(text);
  const rows: string[][] = [];
  const onRecord = () => rows.push(columns.map((column) => scanner.texts[scanner.codes[column]] ?? ""));
  for (let from = 0, to = piece; ; to += piece) {
    const isLast = to >= bytes.length;
    const held = Buffer.concat([bytes.subarray(from, to), Buffer.from("\n")]);
    from += scanner.scan(held, 0, held.length - 1, isLast, onRecord);
    if (isLast) return rows;
  }
}

const word = fc.string({ unit: fc.constantFrom(...'ab,;"\n\r é#.1 \t'), maxLength: 6 });
const quoted = word.map((text) => `"${text.replaceAll('"', '""')}"`);
const bare = word.map((text) => text.replaceAll(/[",\n\r]/g, ""));
const blanks = fc.constantFrom("", "", " ", "\t ");
const cell = fc.tuple(blanks, fc.oneof(bare, quoted), blanks).map((parts) => parts.join(""));
const table = fc.integer({ min: 2, max: 4 }).chain((nColumns) =>
  fc.record({
    nColumns: fc.constant(nColumns),
    rows: fc.array(fc.array(cell, { minLength: nColumns, maxLength: nColumns }), {
      minLength: 1,
      maxLength: 8,
    }),
    ends: fc.array(fc.constantFrom("\n", "\r\n", "\r"), { minLength: 8, maxLength: 8 }),
    isOpen: fc.boolean(),
    piece: fc.integer({ min: 1, max: 40 }),
  }),
);

test("cell by cell the scanner reads what csv-parse reads, wherever pieces of the file end", () => {
  fc.assert(
    fc.property(table, ({ nColumns, rows, ends, isOpen, piece }) => {
      const last = rows.length - 1;
      const text = rows.map((row, i) => row.join(",") + (i === last && isOpen ? "" : ends[i])).join("");
      const expected = parse(text, { trim: true, record_delimiter: ["\r\n", "\n", "\r"] }) as string[][];
      const plain = expected.map((row) => row.map((value) => value.replace(/^([+-]?\d+)\.0*$/, "$1")));
      assert.deepEqual(scanned(text, nColumns, piece), plain);
    }),
    { seed: FUZZ_SEED, numRuns: fuzzCases(1000) },
  );
});

/** Digits with a point and an exponent anywhere, few and many, and doubles as they are written. */
const decimal = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ min: -1000, max: 1000, noNaN: true }).map((value) => value.toPrecision(17)),
  fc
    .tuple(
      fc.constantFrom("", "-", "+"),
      fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 24 }),
      fc.nat(24),
      fc.option(fc.integer({ min: -340, max: 290 })),
    )
    .map(([sign, digits, point, exponent]) => {
      const at = point % (digits.length + 1);
      return `${sign}${digits.slice(0, at)}.${digits.slice(at)}${exponent === null ? "" : `e${exponent}`}`;
    }),
);

test("every number is Python's float() of its text, bit for bit", {
  skip: skipWithoutPython,
}, async (context) => {
  const count = fuzzCases(20_000);
  const texts = fc.sample(decimal, { seed: FUZZ_SEED, numRuns: count });
  // Halfway between two doubles, and next to it, where one rounding too many shows.
  for (let i = 0; i < count / 10; i++) texts.push(...middles((i * 2654435761) % 2 ** 32));
  const finite = texts.filter((text) => Number.isFinite(Number(text)));
  const path = join(temporaryFolder(context), "a.csv");
  writeFileSync(path, `a\n${finite.join("\n")}\n`);
  const { clients } = await readCsvTable(path, COLUMN_DEFAULTS);
  const { values, problem } = clients.get("")!;
  assert.equal(problem, null);
  const bits = askPython<string[]>("answer([float(text).hex() for text in cases])", finite);
  const ours = askPython<string[]>(
    "answer([float(value).hex() for value in cases])",
    [...values].map(exactly),
  );
  const wrong = bits.findIndex((bit, i) => bit !== ours[i]);
  assert.equal(wrong, -1, `${finite[wrong]}: ${ours[wrong]} for ${bits[wrong]}`);
});

/** JSON has no -0. */
function exactly(value: number): string {
  return Object.is(value, -0) ? "-0.0" : String(value);
}

/** 17 digits and 18 around the middle of two doubles from 0.1 to 10, as their decimals have it. */
function middles(seed: number): string[] {
  const value = 0.1 + (seed / 2 ** 32) * 9.9;
  const next = value + 2 ** (Math.floor(Math.log2(value)) - 52);
  const scale = 10n ** 60n;
  const exact = (x: number) => (BigInt(Math.round(x * 2 ** 60)) * scale) / 2n ** 60n;
  const middle = (exact(value) + exact(next)) / 2n;
  const digits = middle.toString().padStart(61, "0");
  const written = (length: number) => `${digits.slice(0, -60)}.${digits.slice(-60, -60 + length)}`;
  return [written(16), written(17), `${written(16).slice(0, -1)}9`];
}
