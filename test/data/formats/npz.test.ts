import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { writeNpz } from "#src/data/formats/npz.js";
import { withNpz } from "#src/data/formats/npz-archive.js";
import { type NpyArray, readNpy, writeNpy } from "#src/directory/npy.js";
import { RunError, UsageError } from "#src/errors.js";
import { runOnNodeAndDeno } from "../../support/deno.js";
import { runPython, skipWithoutPython } from "../../support/python.js";
import { temporaryFolder } from "../../support/temporary.js";

/** The wanted arrays of those that an archive has, or all of them. */
function readNpz(path: string, wanted?: readonly string[]): Promise<Map<string, NpyArray>> {
  return withNpz(path, async ({ names, read }) => {
    const arrays = new Map<string, NpyArray>();
    for (const name of names) {
      if (wanted === undefined || wanted.includes(name)) arrays.set(name, readNpy(await read(name), name));
    }
    return arrays;
  });
}

const X = { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) };
const Y = { shape: [2], data: BigInt64Array.of(0n, 1n) };

for (const save of ["savez", "savez_compressed"]) {
  test(`what numpy.${save} writes is read, wanted arrays only`, {
    skip: skipWithoutPython,
  }, async (context) => {
    const path = join(temporaryFolder(context), "a.npz");
    runPython(
      `
import sys, numpy as np
X = np.asfortranarray(np.arange(600000.).reshape(200000, 3).astype(">f4"))
np.${save}(sys.argv[1], X=X, y=np.arange(5, dtype="u1"), objects=np.array([{}, None], dtype=object))
`,
      [path],
    );
    const arrays = await readNpz(path, ["X", "y", "absent"]);
    assert.deepEqual([...arrays.keys()], ["X", "y"]);
    assert.deepEqual(arrays.get("X")!.shape, [200000, 3]);
    assert.ok(arrays.get("X")!.data.every((value: number | bigint, i: number) => value === i));
    assert.deepEqual([...arrays.get("y")!.data], [0, 1, 2, 3, 4]);
    await assert.rejects(readNpz(path), /objects: holds Python objects/);
  });
}

test("NumPy reads the archives we write", { skip: skipWithoutPython }, async (context) => {
  const path = join(temporaryFolder(context), "a.npz");
  writeFileSync(path, await writeNpz({ X, y: Y }));
  const script =
    "import sys, numpy as np; z = np.load(sys.argv[1]); print({k: (z[k].dtype.str, z[k].tolist()) for k in z})";
  const printed = runPython(script, [path]);
  assert.equal(printed, "{'X': ('<f8', [[1.0, 2.0], [3.0, 4.0]]), 'y': ('<i8', [0, 1])}\n");
});

test("an archive has the same bytes on Node and on Deno, in any time zone", (context) => {
  const npz = JSON.stringify(require.resolve("#src/data/formats/npz.js"));
  const { node, deno } = runOnNodeAndDeno(
    temporaryFolder(context),
    `
const { writeNpz } = require(${npz});
async function main() {
  for (const zone of ["UTC", "Pacific/Apia", "America/Sao_Paulo", "Africa/Monrovia"]) {
    process.env.TZ = zone;
    const X = { shape: [500], data: Float64Array.from({ length: 500 }, (_, i) => i % 7) };
    console.log(Buffer.from(await writeNpz({ X })).toString("base64"));
  }
}
main();
`,
  );
  assert.equal(node, deno);
  assert.equal(new Set(node.trim().split("\n")).size, 1);
});

/** Replaces the two-byte or four-byte field at `offset` of every central directory record. */
function patchCentral(zip: Uint8Array, offset: number, value: number, size: 2 | 4): Uint8Array {
  const patched = Buffer.from(zip);
  for (let at = 0; (at = patched.indexOf("PK\x01\x02", at, "latin1")) >= 0; at += 4) {
    patched.writeUIntLE(value, at + offset, size);
  }
  return patched;
}

async function hostileArchives(): Promise<[string, Uint8Array, RegExp][]> {
  const zip = await writeNpz({ X });
  const renamed = (name: string) =>
    Buffer.from(Buffer.from(zip).toString("latin1").replaceAll("X.npy", name), "latin1");
  const twice = Buffer.from(await writeNpz({ X, y: Y }));
  const flipped = Buffer.from(zip);
  flipped[flipped.indexOf("NUMPY") + 80] ^= 1;
  const zip64 = Buffer.concat([
    zip.subarray(0, -22),
    Buffer.from("PK\x06\x07\0\0\0\0", "latin1"),
    Buffer.alloc(8, 0xff),
    Buffer.from([1, 0, 0, 0]),
    zip.subarray(-22),
  ]);
  return [
    ["an empty file", new Uint8Array(0), /not a \.npz archive/],
    ["a .npy file", writeNpy(X), /not a \.npz archive/],
    ["an archive cut at its end", zip.subarray(0, -5), /truncated or not a \.npz/],
    ["an archive cut at its start", zip.subarray(50), /damaged/],
    ["a folder in a name", renamed("a/npy"), /plain name/],
    ["an absolute name", renamed("/.npy"), /absolute|plain name/],
    ["a parent folder", renamed("../.."), /relative path|plain name/],
    ["a backslash in a name", renamed("\\.npy"), /invalid characters|plain name/],
    [
      "one name twice",
      Buffer.from(twice.toString("latin1").replaceAll("y.npy", "X.npy"), "latin1"),
      /there twice/,
    ],
    ["an encrypted member", patchCentral(zip, 8, 1, 2), /encrypted|size mismatch/],
    ["an unknown compression", patchCentral(zip, 10, 93, 2), /found compression 93/],
    ["a wrong CRC-32", patchCentral(zip, 16, 1, 4), /CRC-32 1 expected/],
    ["a flipped byte in the data", flipped, /CRC-32/],
    [
      "a size that no compression reaches",
      patchCentral(patchCentral(zip, 10, 8, 2), 24, 0xfffffffe, 4),
      /declared/,
    ],
    ["stored data called deflated", patchCentral(zip, 10, 8, 2), /damaged|truncated/],
    ["an offset of 2^64", zip64, /damaged/],
  ];
}

test("a hostile or damaged archive is refused in one line that names the file", async (context) => {
  const path = join(temporaryFolder(context), "bad.npz");
  for (const [what, bytes, message] of await hostileArchives()) {
    writeFileSync(path, bytes);
    await assert.rejects(
      readNpz(path),
      (error) => {
        assert.ok(error instanceof RunError, `${what}: ${error}`);
        assert.match(error.message, message, what);
        assert.match(error.message, /^[^\n]*bad\.npz[^\n]*$/, what);
        return true;
      },
      what,
    );
  }
});

test("a member never inflates past the size it declares, nor short of it", {
  skip: skipWithoutPython,
}, async (context) => {
  const path = join(temporaryFolder(context), "bomb.npz");
  runPython("import sys, numpy as np; np.savez_compressed(sys.argv[1], X=np.zeros(1000000))", [path]);
  const bomb = readFileSync(path);
  writeFileSync(path, patchCentral(bomb, 24, 100_000, 4));
  await assert.rejects(readNpz(path), /damaged: more than the 100000 bytes declared/);
  writeFileSync(path, patchCentral(bomb, 24, 8_000_129, 4));
  await assert.rejects(readNpz(path), /8000000 bytes expected for shape \(1000000,\) of <f8, 8000001 found/);
});

test("flipped bytes and cuts of an archive give arrays, a RunError or a UsageError, nothing else", async (context) => {
  const path = join(temporaryFolder(context), "a.npz");
  const zip = await writeNpz({ X, y: Y });
  const damage = fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(zip.length), async (flips, cut) => {
      const damaged = zip.slice(0, cut % 3 === 0 ? cut : zip.length);
      for (const [at, value] of flips) if (at < damaged.length) damaged[at] = value;
      writeFileSync(path, damaged);
      try {
        await readNpz(path);
      } catch (error) {
        assert.ok(error instanceof RunError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test("a path that is not there is wrong usage", async () => {
  await assert.rejects(readNpz("/nowhere/a.npz"), UsageError);
});
