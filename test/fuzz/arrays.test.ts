import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { ZipFile } from "yazl";
import { federationInMemory } from "#src/data/partitions/federation-in-memory.js";
import { createPartitionLoader } from "#src/data/partitions/partition-loader.js";
import { writeNpy } from "#src/directory/npy.js";
import { RunError, UsageError } from "#src/errors.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { COLUMN_DEFAULTS, TABLE_DEFAULTS } from "../support/tables.js";
import { temporaryFolder } from "../support/temporary.js";

/** A .npy file of texts of four characters at most, as NumPy writes it. */
function npyOfTexts(texts: readonly string[]): Buffer {
  const header = `{'descr': '<U4', 'fortran_order': False, 'shape': (${texts.length},), }`.padEnd(117);
  const body = Buffer.alloc(16 * texts.length);
  texts.forEach((text, i) => {
    [...text].forEach((character, c) => void body.writeUInt32LE(character.codePointAt(0)!, 16 * i + 4 * c));
  });
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
    Buffer.from(`${header}\n`),
    body,
  ]);
}

async function archiveOf(members: Readonly<Record<string, Uint8Array>>, compress: boolean): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(members))
    zip.addBuffer(Buffer.from(bytes), `${name}.npy`, { compress });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const MEMBERS = {
  X: Buffer.from(writeNpy({ shape: [3, 2], data: Float64Array.of(1, 2, 3, 4, 5, 6) })),
  y: npyOfTexts(["a", "é", "a"]),
  feature_names: npyOfTexts(["a", "b"]),
};

test("an archive of arrays that were altered gives a partition, or one line that names the file", async (context) => {
  const path = join(temporaryFolder(context), "client.npz");
  const load = createPartitionLoader();
  const ref = { client: "a", path, table: TABLE_DEFAULTS, clientColumn: null };
  const member = fc.constantFrom(...(Object.keys(MEMBERS) as (keyof typeof MEMBERS)[]));
  const edit = fc.tuple(member, fc.nat(220), fc.nat(255), fc.boolean());
  const cases = fc.tuple(fc.array(edit, { maxLength: 3 }), fc.boolean());
  let read = 0;
  await fc.assert(
    fc.asyncProperty(cases, async ([edits, compress]) => {
      const members: Record<string, Buffer> = {};
      for (const [name, bytes] of Object.entries(MEMBERS)) members[name] = Buffer.from(bytes);
      for (const [name, at, byte, isCut] of edits) {
        if (isCut && at < members[name].length) members[name] = members[name].subarray(0, at);
        else if (at < members[name].length) members[name][at] = byte;
      }
      writeFileSync(path, await archiveOf(members, compress));
      try {
        const { rows, labels, classes } = await load(ref);
        assert.equal(rows.data.length, rows.nRows * rows.nColumns);
        assert.ok(rows.data.every(Number.isFinite));
        assert.ok(
          labels === null || (labels.length === rows.nRows && labels.every((label) => label in classes)),
        );
        read += 1;
      } catch (error) {
        if (!(error instanceof RunError || error instanceof UsageError)) throw error;
        assert.match(error.message, /^[^\n]*client\.npz[^\n]*$/);
      }
    }),
    { numRuns: fuzzCases(400), seed: FUZZ_SEED },
  );
  assert.ok(read > 0);
});

const scalar = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.string({ maxLength: 3 }),
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    3n,
    2n ** 60n + 1n,
    "4.5",
    new Date(0),
    Number.NaN,
    Symbol.iterator,
  ),
);
const row = fc.oneof(
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom("a", "b", "y", "rows", "data", "shape", "__proto__"), scalar, { maxKeys: 3 }),
  fc.float64Array({ maxLength: 3 }),
);
const size = fc.oneof(fc.nat(4), fc.constantFrom(-1, 0.5, Number.NaN, 2 ** 53));
const table = fc.oneof(
  fc.array(row, { maxLength: 4 }),
  fc.record({ data: row, shape: fc.array(size, { maxLength: 3 }) }),
  fc.record({ data: row, nRows: size, nColumns: size }),
  fc.record(
    { rows: fc.array(row, { maxLength: 3 }), labels: row, featureNames: row },
    { requiredKeys: ["rows"] },
  ),
  scalar,
);
const data = fc.oneof(
  fc.array(table, { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 4 }), table),
  table,
);

test("whatever a cell gives for data is rows, or refused in one line", () => {
  const options = fc.record({
    labelColumn: fc.constantFrom(null, "none", "a"),
    clientColumn: fc.constantFrom(null, null, "b"),
    missing: fc.constantFrom("refuse" as const, "drop" as const),
  });
  fc.assert(
    fc.property(data, options, (value, settings) => {
      try {
        const { clients } = federationInMemory(value as never, { ...COLUMN_DEFAULTS, ...settings });
        for (const { partition } of clients) {
          const { rows, labels } = partition;
          assert.ok(rows.nRows > 0 && rows.nColumns > 0 && rows.data.every(Number.isFinite));
          assert.ok(labels === null || labels.length === rows.nRows);
        }
      } catch (error) {
        if (!(error instanceof RunError || error instanceof UsageError)) throw error;
        assert.match(error.message, /^[^\n]+$/);
      }
    }),
    { numRuns: fuzzCases(3000), seed: FUZZ_SEED },
  );
});

test("numbers in memory come out as they went in, whatever holds them", () => {
  const numbers = fc
    .record({ nRows: fc.integer({ min: 1, max: 6 }), nColumns: fc.integer({ min: 1, max: 4 }) })
    .chain(({ nRows, nColumns }) => {
      const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
        minLength: nRows * nColumns,
        maxLength: nRows * nColumns,
      });
      return fc.record({ nRows: fc.constant(nRows), nColumns: fc.constant(nColumns), values });
    });
  fc.assert(
    fc.property(numbers, ({ nRows, nColumns, values }) => {
      const arrays = Array.from({ length: nRows }, (_, i) => values.slice(i * nColumns, (i + 1) * nColumns));
      const names = Array.from({ length: nColumns }, (_, f) => `f${f}`);
      const objects = arrays.map((cells) => Object.fromEntries(names.map((name, f) => [name, cells[f]])));
      const typed = { data: Float64Array.from(values), shape: [nRows, nColumns] };
      const { clients } = federationInMemory(
        [arrays, objects, typed, { rows: arrays, featureNames: names }],
        COLUMN_DEFAULTS,
      );
      for (const { partition } of clients) assert.deepEqual([...partition.rows.data], values);
    }),
    { numRuns: fuzzCases(500), seed: FUZZ_SEED },
  );
});
