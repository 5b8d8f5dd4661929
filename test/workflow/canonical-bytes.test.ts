import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { canonicalBytes, payloadBytes } from "#src/workflow/canonical-bytes.js";
import { floats, ints, type Message } from "#src/workflow/message.js";
import { runPython, skipWithoutPython } from "../support/python.js";

const MESSAGE: Message = {
  kind: "clustering/update",
  exchange: 7,
  arrays: {
    means: floats(Float64Array.of(1.5, -2, 0.1, 1e300), 2, 2),
    counts: ints(Int32Array.of(3, -4), 2),
  },
  scalars: { k: 3, name: "ä", drop_empty: true, classes: ["x", "y z"] },
};

const hashOf = (message: Message) => {
  const hash = createHash("sha256");
  for (const part of canonicalBytes(message)) hash.update(part);
  return hash.digest("hex");
};

test("another program comes to the same hash of a message", { skip: skipWithoutPython }, () => {
  const found = runPython(
    `
import hashlib, json, struct
head = {"kind": "clustering/update",
        "scalars": [["classes", ["x", "y z"]], ["drop_empty", True], ["k", 3], ["name", "\\u00e4"]],
        "arrays": [["counts", "int32", [2]], ["means", "float64", [2, 2]]]}
text = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
print(hashlib.sha256(text + struct.pack("<2i", 3, -4) + struct.pack("<4d", 1.5, -2, 0.1, 1e300)).hexdigest(), end="")
`,
  );
  assert.equal(hashOf(MESSAGE), found);
});

test("the same question has one hash in whatever order and exchange, and no other question has it", () => {
  const { kind, arrays, scalars } = MESSAGE;
  const reversed = <T>(named: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(named).reverse());
  const whole = hashOf(MESSAGE);
  assert.equal(hashOf({ kind, arrays: reversed(arrays), scalars: reversed(scalars) }), whole);
  const means = arrays.means.data as Float64Array;
  const others: Message[] = [
    { ...MESSAGE, kind: "evaluation/fit" },
    { ...MESSAGE, scalars: { ...scalars, k: 4 } },
    { ...MESSAGE, scalars: { ...scalars, k: "3" } },
    ...[0, -0, NaN, Infinity, -Infinity].map((k) => ({ ...MESSAGE, scalars: { ...scalars, k } })),
    { ...MESSAGE, scalars: { ...scalars, classes: ["x y", "z"] } },
    { ...MESSAGE, arrays: { ...arrays, means: floats(means, 4, 1) } },
    {
      ...MESSAGE,
      arrays: {
        ...arrays,
        means: floats(
          means.map((x, i) => (i === 3 ? -x : x)),
          2,
          2,
        ),
      },
    },
    { ...MESSAGE, arrays: { ...arrays, sums: arrays.means } },
  ];
  const hashes = others.map(hashOf);
  assert.equal(new Set([whole, ...hashes]).size, others.length + 1);
});

test("a message is as large as its numbers and texts", () => {
  assert.equal(payloadBytes(MESSAGE), 4 * 8 + 2 * 4 + 8 + 2 + 1 + 4);
});
