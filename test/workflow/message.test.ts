import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RunError } from "#src/errors.js";
import type { Transform } from "#src/numerics/transform.js";
import { answer } from "#src/workflow/answers.js";
import { answerStart, startRequest } from "#src/workflow/clustering/fkm.js";
import { readLocalClusters } from "#src/workflow/clustering/local-clusters.js";
import { updateRequest } from "#src/workflow/clustering/update.js";
import { readDispersion } from "#src/workflow/dispersion.js";
import {
  answerDispersion,
  answerFit,
  dispersionRequest,
  fitRequest,
  readFit,
} from "#src/workflow/evaluation.js";
import { answerHandshake, handshakeRequest, readHandshake } from "#src/workflow/handshake.js";
import {
  countOf,
  floats,
  floatsOf,
  ints,
  intsOf,
  type Message,
  type NamedArray,
  type Scalar,
} from "#src/workflow/message.js";
import { transformArrays, transformOf } from "#src/workflow/transform/arrays.js";
import { answerMoments, momentsRequest, readMoments } from "#src/workflow/transform/normalization.js";
import { answerScatter, readScatter, scatterRequest } from "#src/workflow/transform/pca.js";
import { readToldScatter } from "#src/workflow/transform/told-scatter.js";
import { localClient } from "../support/clients.js";
import { NO_TRANSFORM, THRESHOLD } from "../support/federation.js";

const ROWS = [
  [1, 2, 7],
  [3, 4, 5],
  [9, 9, 1],
  [8, 9, 2],
  [0, 1, 6],
  [9, 8, 3],
];
const CLIENT = localClient("Dream", ROWS, {
  labels: ["x", "y", "x", "x", "y", "y"],
  featureNames: ["a", "b", "c"],
});
const MEANS = { data: Float64Array.of(2, 2, 6, 9, 9, 2), nRows: 2, nColumns: 3 };
const UPDATE = {
  algorithm: "fkm",
  localIterations: 1,
  dropEmpty: true,
  asPublished: false,
  privacyThreshold: 1,
} as const;

const FIT = answerFit(CLIENT.local, fitRequest(NO_TRANSFORM, MEANS, 1, true));

/** A whole reply of every phase, and the function with which the server reads it. */
const REPLIES: [Message, (reply: Message) => unknown][] = [
  [answerHandshake(CLIENT.local, handshakeRequest(THRESHOLD)), readHandshake],
  [answerMoments(CLIENT.local, momentsRequest(1, false)), (reply) => readMoments(reply, 3, 6)],
  [
    answerMoments(CLIENT.local, momentsRequest(1, true)),
    (reply) => [readMoments(reply, 3, 6), readToldScatter(reply, 3)],
  ],
  [answerScatter(CLIENT.local, scatterRequest(1)), (reply) => readScatter(reply, 3, 6)],
  [
    answerStart(
      CLIENT.local,
      startRequest(NO_TRANSFORM, { ...UPDATE, kLocal: 2, randomState: 0, restarts: 10 }),
    ),
    (reply) => readLocalClusters(reply, 3, 0),
  ],
  [
    answer(CLIENT.local, updateRequest(NO_TRANSFORM, MEANS, UPDATE)),
    (reply) => readLocalClusters(reply, 3, 2),
  ],
  [
    answer(CLIENT.local, updateRequest(NO_TRANSFORM, MEANS, { ...UPDATE, algorithm: "lloyd" })),
    (reply) => readLocalClusters(reply, 3, 2),
  ],
  [FIT, (reply) => [readFit(reply, 2, 3), readDispersion(reply, 2)]],
  [
    answerDispersion(CLIENT.local, dispersionRequest(NO_TRANSFORM, MEANS, MEANS.data, 1)),
    (reply) => readDispersion(reply, 2),
  ],
];

/** Every way in which an array can be another than was asked for. */
function brokenArrays({ dtype, shape, data }: NamedArray): Record<string, NamedArray | undefined> {
  const values = Array.from(data);
  const longer = [...values, ...values];
  const wider = [shape[0] * 2, ...shape.slice(1)];
  const broken: Record<string, NamedArray | undefined> = {
    "is missing": undefined,
    "is of another dtype":
      dtype === "float64"
        ? ints(Int32Array.from(values), ...shape)
        : floats(Float64Array.from(values), ...shape),
    "has another shape": {
      dtype,
      shape: wider,
      data: dtype === "float64" ? Float64Array.from(longer) : Int32Array.from(longer),
    } as NamedArray,
    "has another number of dimensions": { dtype, shape: [...shape, 1], data } as NamedArray,
    "is shorter than its shape": { dtype, shape, data: data.slice(1) } as NamedArray,
  };
  if (dtype === "float64") {
    for (const value of [NaN, Infinity])
      broken[`holds ${value}`] = { dtype, shape, data: data.slice().fill(value, -1) };
  }
  return broken;
}

function brokenScalars(value: Scalar): Record<string, Scalar | undefined> {
  const broken = { "is missing": undefined, "is a list of numbers": [1] as unknown as Scalar };
  return typeof value === "number"
    ? { ...broken, "is NaN": NaN, "is text": "3" }
    : { ...broken, "is a number": 5 };
}

test("a malformed reply is refused with one line: the message, what of it, expected and found", () => {
  let refused = 0;
  for (const [reply, read] of REPLIES) {
    assert.doesNotThrow(() => read(reply), reply.kind);
    const refuse = (broken: Message, what: string) => {
      refused += 1;
      assert.throws(
        () => read(broken),
        (error) => {
          const { message } = error as Error;
          const line = /^message "([a-z_/]+)", (array|scalar) "[a-z_]+": expected .+, found .+$/;
          return error instanceof RunError && line.exec(message)?.[1] === reply.kind;
        },
        `${reply.kind}: ${what}`,
      );
    };
    for (const [name, array] of Object.entries(reply.arrays)) {
      for (const [how, broken] of Object.entries(brokenArrays(array))) {
        const { [name]: _, ...others } = reply.arrays;
        const arrays = broken === undefined ? others : { ...others, [name]: broken };
        refuse({ ...reply, arrays }, `array ${name} ${how}`);
      }
    }
    for (const [name, scalar] of Object.entries(reply.scalars)) {
      // Of which the handshake's tests are.
      if (name === "protocol") continue;
      for (const [how, broken] of Object.entries(brokenScalars(scalar))) {
        const { [name]: _, ...others } = reply.scalars;
        const scalars = broken === undefined ? others : { ...others, [name]: broken };
        refuse({ ...reply, scalars }, `scalar ${name} ${how}`);
      }
    }
  }
  assert.ok(refused > 150);
});

test("a reply whose numbers cannot be is refused, so that no mean is ever NaN", () => {
  const [, moments, withScatter, scatter, start, update, lloyd, fit, dispersion] = REPLIES;
  const impossible: [(typeof REPLIES)[number], Partial<Record<"arrays" | "scalars", object>>, RegExp][] = [
    [
      REPLIES[0],
      { scalars: { n_features: 2.5 } },
      /scalar "n_features": expected a count of at least 1, found 2.5$/,
    ],
    [moments, { scalars: { n_samples: -1 } }, /scalar "n_samples": expected a count, found -1$/],
    [
      moments,
      { arrays: { centered_squared_sums: floats(Float64Array.of(1, -1, 1), 3) } },
      /"centered_squared_sums": expected no negative element, found -1$/,
    ],
    [
      withScatter,
      { arrays: { scatter_upper: floats(Float64Array.of(1, 0, 0, -1, 0, 1), 6) } },
      /"scatter_upper": expected no negative variance, found -1$/,
    ],
    [
      withScatter,
      { arrays: { scatter_upper: floats(Float64Array.of(1, 0, 3, 4, 0, 1), 6) } },
      /"scatter_upper": expected a covariance that its variances allow, at most 1\.0\d+, found 3$/,
    ],
    [scatter, { scalars: { n_samples: 0.5 } }, /scalar "n_samples": expected a count, found 0.5$/],
    [
      start,
      { arrays: { counts: ints(Int32Array.of(7, -1), 2) } },
      /array "counts": expected no negative element, found -1$/,
    ],
    [
      start,
      { arrays: { origins: ints(Int32Array.of(-1, 0), 2) } },
      /array "origins": expected -1 at the start, found 0$/,
    ],
    [
      update,
      { arrays: { origins: ints(Int32Array.of(0, 2), 2) } },
      /array "origins": expected 0 to 1, found 2$/,
    ],
    [
      update,
      { arrays: { origins: ints(Int32Array.of(0, -1), 2) } },
      /array "origins": expected 0 to 1, found -1$/,
    ],
    [update, { arrays: { sent: ints(Int32Array.of(1, 2), 2) } }, /array "sent": expected 0 or 1, found 2$/],
    [
      lloyd,
      { arrays: { counts: ints(Int32Array.of(6, 0), 2) } },
      /array "counts": expected rows behind each sum, found 0$/,
    ],
    [fit, { scalars: { n_samples: -6 } }, /scalar "n_samples": expected a count, found -6$/],
    [
      fit,
      { arrays: { counts: ints(Int32Array.of(7, -1), 2) } },
      /array "counts": expected no negative element, found -1$/,
    ],
    [
      fit,
      { arrays: { contingency: ints(Int32Array.of(7, -1, 0, 0), 2, 2) } },
      /array "contingency": expected no negative element/,
    ],
    [fit, { arrays: { sent: ints(Int32Array.of(1, -1), 2) } }, /array "sent": expected 0 or 1, found -1$/],
    [
      dispersion,
      { arrays: { distance_sums: floats(Float64Array.of(1, -2), 2) } },
      /"distance_sums": expected no negative element, found -2$/,
    ],
  ];
  for (const [[reply, read], change, message] of impossible) {
    const broken = {
      ...reply,
      arrays: { ...reply.arrays, ...change.arrays },
      scalars: { ...reply.scalars, ...change.scalars },
    } as Message;
    assert.throws(() => read(broken), { name: "RunError", message }, String(message));
  }
});

test("an array whose shape is right is read as it was sent; null leaves a dimension open", () => {
  fc.assert(
    fc.property(
      fc.nat(5),
      fc.nat(5),
      fc.infiniteStream(fc.double({ noNaN: true, min: -1e9, max: 1e9 })),
      (n, d, values) => {
        const data = Float64Array.from({ length: n * d }, () => values.next().value as number);
        const whole = {
          kind: "any",
          arrays: { x: floats(data, n, d), i: ints(Int32Array.from(data), n * d) },
          scalars: {},
        };
        assert.equal(floatsOf(whole, "x", [null, d]), data);
        assert.equal(floatsOf(whole, "x", [n, null]), data);
        assert.deepEqual(intsOf(whole, "i", [n * d]), Int32Array.from(data));
        assert.throws(
          () => floatsOf(whole, "x", [n + 1, null]),
          /expected float64 \(\d+, any\), found float64 \(\d+, \d+\)$/,
        );
      },
    ),
  );
});

test("a transform arrives as it was sent, and is refused by a client with other features", () => {
  const normalization = { mean: Float64Array.of(1, 2, 3), scale: Float64Array.of(4, 0, 6) };
  const projection = { mean: Float64Array.of(0, 1, 2), components: Float64Array.of(1, 2, 3, 4, 5, 6) };
  const transforms: Transform[] = [
    NO_TRANSFORM,
    { normalization, projection: null },
    { normalization: null, projection },
    { normalization, projection },
  ];
  for (const transform of transforms) {
    const request = { kind: "any", arrays: transformArrays(transform), scalars: {} };
    assert.deepEqual(transformOf(request, 3), transform);
    if (transform !== NO_TRANSFORM) assert.throws(() => transformOf(request, 2), RunError);
  }
});

test("a reply without any mean still has the features that are clustered in", () => {
  for (const algorithm of ["fkm", "lloyd"] as const) {
    const request = updateRequest(NO_TRANSFORM, MEANS, { ...UPDATE, algorithm, privacyThreshold: 1000 });
    const { means, sums, counts } = readLocalClusters(answer(CLIENT.local, request), 3, 2);
    assert.deepEqual([means.nRows, means.nColumns, sums.length, counts.length], [0, 3, 0, 0]);
  }
});

test("a count is at most what it may be", () => {
  const message = { kind: "clustering/start", arrays: {}, scalars: { restarts: 10_001 } };
  assert.equal(countOf(message, "restarts"), 10_001);
  assert.throws(() => countOf(message, "restarts", 1, 10_000), {
    message: 'message "clustering/start", scalar "restarts": expected a count from 1 to 10000, found 10001',
  });
});
