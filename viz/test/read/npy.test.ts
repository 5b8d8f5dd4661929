import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readNpy } from "#src/read/npy.js";
import { runPython, skipWithoutNumpy } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

const DTYPES = [
  "?",
  "i1",
  "u1",
  "<i2",
  ">u2",
  "<u4",
  ">i4",
  "<i8",
  ">u8",
  "<f2",
  ">f2",
  "<f4",
  ">f4",
  "<f8",
  ">f8",
];

const SAVE = `
import sys, json, numpy
folder, dtypes = sys.argv[1], json.loads(sys.argv[2])
values = [[0, 1, 2], [3, 4, 100]]
for i, dtype in enumerate(dtypes):
    array = numpy.array(values, dtype=dtype)
    numpy.save(f"{folder}/{i}_C.npy", array)
    numpy.save(f"{folder}/{i}_F.npy", numpy.asfortranarray(array))
numpy.save(f"{folder}/object.npy", numpy.array([{}, 1], dtype=object), allow_pickle=True)
numpy.save(f"{folder}/complex.npy", numpy.array([1j]))
numpy.save(f"{folder}/structured.npy", numpy.zeros(2, dtype=[("a", "f8")]))
numpy.save(f"{folder}/cube.npy", numpy.zeros((2, 2, 2)))
numpy.save(f"{folder}/empty.npy", numpy.zeros((0, 4)))
numpy.save(f"{folder}/scalar.npy", numpy.float64(2.5))
`;

test("reads every real dtype, byte order and memory order as NumPy wrote it", {
  skip: skipWithoutNumpy,
}, (t) => {
  const folder = temporaryFolder(t);
  runPython(SAVE, [folder, JSON.stringify(DTYPES)]);
  const read = (name: string) => readNpy(readFileSync(join(folder, name)), name);
  for (const [i, dtype] of DTYPES.entries()) {
    const expected = dtype === "?" ? [0, 1, 1, 1, 1, 1] : [0, 1, 2, 3, 4, 100];
    for (const order of "CF") {
      const { shape, data } = read(`${i}_${order}.npy`);
      assert.deepEqual([shape, [...data]], [[2, 3], expected], `${dtype} in ${order} order`);
    }
  }
  assert.deepEqual(read("empty.npy").shape, [0, 4]);
  assert.deepEqual([...read("scalar.npy").data], [2.5]);
  assert.throws(() => read("object.npy"), /object.npy: real numbers expected .* found dtype "\|O"/);
  assert.throws(() => read("complex.npy"), /complex.npy: real numbers expected/);
  assert.throws(() => read("structured.npy"), /structured.npy: .*structured dtype/);
  assert.throws(
    () => read("cube.npy"),
    /cube.npy: a shape of at most 2 dimensions expected, found \(2, 2, 2\)/,
  );
});

/** A file with this header and this many bytes of elements. */
function file(header: string, bodyBytes: number, headerBytes: number = header.length): Uint8Array {
  const start = Buffer.from("\x93NUMPY\x01\x00\x00\x00", "latin1");
  start.writeUInt16LE(headerBytes, 8);
  return Buffer.concat([start, Buffer.from(header, "latin1"), Buffer.alloc(bodyBytes)]);
}

const header = (shape: string) => `{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }\n`;

const DAMAGED: [what: string, bytes: Uint8Array, message: RegExp][] = [
  ["no .npy file", Buffer.from("PK\x03\x04 and more"), /must start with/],
  ["nothing", Buffer.alloc(0), /must start with/],
  ["a truncated body", file(header("(2, 3)"), 40), /48 bytes of elements expected .* found 40/],
  ["bytes too many", file(header("(2, 3)"), 56), /48 bytes of elements expected .* found 56/],
  ["a truncated header", file(header("(2, 3)"), 0, 5000), /truncated within the .npy header/],
  ["an endless header", file(header("(2, 3)"), 0, 65000), /header of at most 10000 bytes/],
  [
    "a shape that overflows",
    file(header("(999999999999999, 999999999999999)"), 8),
    /bytes of elements expected/,
  ],
  ["a negative shape", file(header("(-1, 3)"), 8), /shape of at most 2 dimensions/],
  ["no shape", file("{'descr': '<f8'}\n", 8), /malformed/],
];

for (const [what, bytes, message] of DAMAGED) {
  test(`refuses ${what}, and says so`, () => {
    assert.throws(
      () => readNpy(bytes, "means.npy"),
      (error: Error) => {
        assert.match(error.message, /^means\.npy: /);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}
