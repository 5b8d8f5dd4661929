import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { readNpy, type TypedArray, toFloat64, writeNpy } from "#src/directory/npy.js";
import { RunError } from "#src/errors.js";
import { runPython, skipWithoutPython } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

/** Arrays of every real dtype, order and version, and beside each the same elements as text, in C order. */
const WRITE_EVERYTHING = `
import itertools, json, sys, numpy as np
rng, listing = np.random.default_rng(0), []
codes = ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]
shapes = [(), (0,), (5,), (3, 4), (0, 3), (2, 3, 4), (2, 1, 3, 2)]
for code, order, shape, version in itertools.product(codes, "<>", shapes, [(1, 0), (2, 0), (3, 0)]):
    dtype = np.dtype(order + code)
    if dtype.kind == "b": values = rng.integers(0, 2, shape)
    elif dtype.kind == "f": values = rng.normal(size=shape)
    else: values = rng.integers(np.iinfo(dtype).min, np.iinfo(dtype).max, shape, dtype.newbyteorder("="), True)
    for memory in "CF":
        array = np.asarray(np.asarray(values).astype(dtype), order=memory)
        name = f"{len(listing)}.npy"
        with open(f"{sys.argv[1]}/{name}", "wb") as file: np.lib.format.write_array(file, array, version)
        wide = array.astype("f8") if dtype.kind == "f" else array.astype(dtype.newbyteorder("="))
        listing.append({"name": name, "dtype": dtype.name, "shape": shape, "elements":
            [str(int(x)) if dtype.kind != "f" else np.float64(x).hex() for x in wide.ravel(order="C")]})
print(json.dumps(listing))
`;

const hexOf = (value: number): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString("hex");
};

test("every real array numpy.save writes is read with its exact elements", {
  skip: skipWithoutPython,
}, (context) => {
  const folder = temporaryFolder(context);
  const listing = JSON.parse(runPython(WRITE_EVERYTHING, [folder]));
  assert.equal(listing.length, 12 * 2 * 7 * 3 * 2);
  const parseHex = (text: string): number => {
    const [, sign, whole, fraction, exponent] = /^(-?)0x([01])\.([0-9a-f]*)p([+-]\d+)$/.exec(text)!;
    const mantissa = Number.parseInt(whole + fraction, 16) / 16 ** fraction.length;
    return (sign ? -1 : 1) * mantissa * 2 ** Number(exponent);
  };
  for (const { name, dtype, shape, elements } of listing) {
    const array = readNpy(readFileSync(join(folder, name)), name);
    const kind = dtype === "bool" ? "uint8" : dtype === "float16" ? "float32" : dtype;
    assert.equal(array.data.constructor.name.toLowerCase().replace("big", ""), `${kind}array`);
    assert.deepEqual(array.shape, shape);
    const found = Array.from(array.data as ArrayLike<number | bigint>, String);
    const expected = dtype.startsWith("float")
      ? elements.map((text: string) => String(parseHex(text)))
      : elements;
    assert.deepEqual(found, expected, `${name} ${dtype} (${shape})`);
  }
});

test("every float16 bit pattern, NaN and infinity included, is read as NumPy reads it", {
  skip: skipWithoutPython,
}, (context) => {
  const folder = temporaryFolder(context);
  runPython(
    `
import sys, numpy as np
every = np.arange(65536, dtype="u2").view("f2")
np.save(sys.argv[1] + "/f2.npy", every)
np.save(sys.argv[1] + "/f8.npy", every.astype("f8"))
`,
    [folder],
  );
  const [half, double] = ["f2.npy", "f8.npy"].map((name) =>
    toFloat64(readNpy(readFileSync(join(folder, name)), name), name),
  );
  const differing = half.findIndex((value, i) => !Object.is(value, double[i]));
  assert.equal(differing, -1);
});

test("NumPy reads every array we write, in C order, with its exact elements", {
  skip: skipWithoutPython,
}, (context) => {
  const folder = temporaryFolder(context);
  const arrays: [string, TypedArray, number[]][] = [
    ["float64", Float64Array.of(1 / 3, -0, 5e-324, Number.MAX_VALUE, 1, 2), [2, 3]],
    ["int64", BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n)), [2]],
    ["float32", Float32Array.of(0.1), [1, 1]],
    ["int32", Int32Array.of(-7), []],
    ["uint8", new Uint8Array(0), [0, 3]],
    ["float64", new Float64Array(24).map((_, i) => i / 7), [2, 3, 4]],
  ];
  for (const [i, [dtype, data, shape]] of arrays.entries()) {
    const file = join(folder, `${i}.npy`);
    writeFileSync(file, writeNpy({ shape, data }));
    const [name, dimensions, contiguous, hex] = runPython(
      `
import sys, json, numpy as np
a = np.load(sys.argv[1])
print(a.dtype.name, json.dumps(a.shape), a.flags.c_contiguous, a.tobytes().hex(), sep=";", end="")
`,
      [file],
    ).split(";");
    assert.equal(name, dtype);
    assert.deepEqual(JSON.parse(dimensions), shape);
    assert.equal(contiguous, "True");
    assert.equal(hex, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex"));
  }
});

test("an array at an odd offset of a larger buffer is read", () => {
  const file = writeNpy({ shape: [2], data: Float64Array.of(1.5, -2.5) });
  const shifted = new Uint8Array(file.length + 1);
  shifted.set(file, 1);
  assert.deepEqual([...readNpy(shifted.subarray(1), "a").data], [1.5, -2.5]);
});

test("what is written is read back to the bit, for any shape", () => {
  const shapes = fc.array(fc.nat(5), { maxLength: 4 });
  fc.assert(
    fc.property(shapes, fc.infiniteStream(fc.double()), (shape, values) => {
      const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => values.next().value);
      const array = readNpy(writeNpy({ shape, data }), "a.npy");
      assert.deepEqual(array.shape, shape);
      assert.deepEqual(Array.from(array.data as Float64Array, hexOf), Array.from(data, hexOf));
    }),
  );
});

/** A file with this header text and `bodyLength` bytes of zeros. */
function npyFile(header: string, bodyLength: number, version = 1): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const file = Buffer.alloc(start + header.length + bodyLength);
  file.write("\x93NUMPY", "latin1");
  file[6] = version;
  if (version === 1) file.writeUInt16LE(header.length, 8);
  else file.writeUInt32LE(header.length, 8);
  file.write(header, start, "latin1");
  return file;
}

const dict = (descr: string, shape: string, order = "False") =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

const HOSTILE: [string, Uint8Array, RegExp][] = [
  ["an empty file", new Uint8Array(0), /not a \.npy file/],
  ["another kind of file", Buffer.from("PK\x03\x04 and so on"), /not a \.npy file/],
  ["a file that ends in its magic", Buffer.from("\x93NUMPY\x01", "latin1"), /truncated/],
  ["a header cut short", npyFile(dict("'<f8'", "(1,)"), 8).subarray(0, 30), /truncated: it ends within/],
  ["version 4", npyFile(dict("'<f8'", "(1,)"), 8, 4), /version 1\.0, 2\.0 or 3\.0 expected, found 4\.0/],
  [
    "a header of a million dimensions",
    npyFile(dict("'<f8'", `(${"1,".repeat(1e6)})`), 8, 2),
    /at most 10000 bytes/,
  ],
  ["33 dimensions", npyFile(dict("'<f8'", `(${"1,".repeat(33)})`), 8), /at most 32 integers/],
  ["a short body", npyFile(dict("'<f8'", "(3,)"), 20), /truncated: 24 bytes expected .* 20 found/],
  ["a body that goes on", npyFile(dict("'<f8'", "(3,)"), 25), /after the last element: 24 .* 25 found/],
  [
    "a shape product past 2^64",
    npyFile(dict("'<f8'", "(1099511627776, 1099511627776)"), 64),
    /truncated: 9671406556917033397649408 bytes/,
  ],
  ["a product that wraps to 0", npyFile(dict("'<f8'", "(4294967296, 4294967296)"), 0), /truncated/],
  ["a negative dimension", npyFile(dict("'<f8'", "(-1,)"), 8), /integers from 0/],
  ["a fractional dimension", npyFile(dict("'<f8'", "(1.5,)"), 8), /integers from 0/],
  ["a shape that is no tuple", npyFile(dict("'<f8'", "(1)"), 8), /a tuple/],
  ["a shape that is a number", npyFile(dict("'<f8'", "1"), 8), /malformed/],
  ["no shape", npyFile("{'descr': '<f8', 'fortran_order': False}", 8), /malformed/],
  [
    "two shapes",
    npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'shape': (1,)}", 8),
    /malformed/,
  ],
  [
    "a key too many",
    npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': (1,)}", 8),
    /malformed/,
  ],
  ["a memory order that is text", npyFile(dict("'<f8'", "(1,)", "'no'"), 8), /malformed/],
  ["code instead of a header", npyFile("__import__('os').system('true')", 8), /malformed/],
  [
    "Python objects",
    npyFile(dict("'|O'", "(1,)"), 8),
    /Python objects \(dtype object\), which fedkmeans never unpickles/,
  ],
  ["complex numbers", npyFile(dict("'<c16'", "(1,)"), 16), /complex numbers/],
  ["strings", npyFile(dict("'<U3'", "(1,)"), 12), /strings/],
  ["byte strings", npyFile(dict("'|S3'", "(1,)"), 3), /strings/],
  ["dates", npyFile(dict("'<M8[ns]'", "(1,)"), 8), /dates/],
  ["long doubles", npyFile(dict("'<f16'", "(1,)"), 16), /long doubles/],
  ["a structured dtype", npyFile(dict("[('a', '<f8'), ('b', '<i4')]", "(1,)"), 12), /structured dtype/],
  ["a void dtype", npyFile(dict("'|V8'", "(1,)"), 8), /void/],
  ["a dtype without byte order", npyFile(dict("'f8'", "(1,)"), 8), /unknown dtype/],
];

for (const [what, bytes, message] of HOSTILE) {
  test(`reading .npy: ${what} is refused in one line that names the file`, () => {
    assert.throws(
      () => readNpy(bytes, "bad.npy"),
      (error) => {
        assert.ok(error instanceof RunError, String(error));
        assert.match(error.message, message);
        assert.match(error.message, /^bad\.npy: [^\n]*$/);
        return true;
      },
    );
  });
}

test("flipped bytes and cuts give an array or a RunError, nothing else", () => {
  const file = writeNpy({ shape: [3, 2], data: Float64Array.of(1, 2, 3, 4, 5, 6) });
  const damage = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(damage, fc.nat(file.length), (flips, end) => {
      const damaged = file.slice();
      for (const [at, value] of flips) damaged[at] = value;
      for (const bytes of [damaged, damaged.subarray(0, end)]) {
        try {
          readNpy(bytes, "a.npy");
        } catch (error) {
          assert.ok(error instanceof RunError, String(error));
        }
      }
    }),
    { numRuns: 5000 },
  );
});

test("an integer that float64 cannot hold is refused with its place", () => {
  const array = readNpy(
    writeNpy({ shape: [2], data: BigInt64Array.of(2n ** 53n, -(2n ** 53n) - 1n) }),
    "a.npy",
  );
  assert.throws(() => toFloat64(array, "a.npy"), /a\.npy: element 1 .* found -9007199254740993/);
});

test("writing a shape that does not fit the data is refused with both numbers", () => {
  assert.throws(() => writeNpy({ shape: [2, 2], data: new Float64Array(3) }), /needs 4 elements, found 3/);
});
