import assert from "node:assert/strict";
import { test } from "node:test";
import { RunError, UsageError } from "#src/errors.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import { groupsPolicy } from "#src/privacy/policy.js";
import { agree } from "#src/workflow/agreement.js";
import {
  answerHandshake,
  type ClientDescription,
  handshakeRequest,
  PROTOCOL,
  readHandshake,
} from "#src/workflow/handshake.js";
import type { Message } from "#src/workflow/message.js";
import { localClient } from "../support/clients.js";
import { serveInline, THRESHOLD } from "../support/federation.js";

const FOUR_ROWS = [
  [1, 2],
  [3, 4],
  [5, 7],
  [6, 8],
];

const HELLO = handshakeRequest(THRESHOLD);

function described(name: string, nFeatures: number, featureNames: string[] | null = null): ClientDescription {
  return {
    name,
    nSamples: 10,
    nFeatures,
    featureNames,
    hasLabels: false,
    labelColumn: null,
    protection: THRESHOLD,
    nPoints: 10,
    leastWeight: 1,
    greatestWeight: 1,
    bounds: null,
  };
}

test("metadata leaves the client, and how many groups of which sizes", () => {
  const client = localClient("Biscoe", FOUR_ROWS, {
    featureNames: ["bill", "mass"],
    labels: ["a", "b", "a", "a"],
  });
  const reply = answerHandshake(client.local, HELLO);
  assert.deepEqual(reply, {
    kind: "handshake",
    arrays: {},
    scalars: {
      protocol: PROTOCOL,
      name: "Biscoe",
      n_samples: 4,
      n_features: 2,
      feature_names: ["bill", "mass"],
      has_labels: true,
      label_column: "",
      protection: "threshold",
      group_size: 1,
      privacy_threshold: 1,
      n_points: 4,
      least_weight: 1,
      greatest_weight: 1,
    },
  });
  assert.deepEqual(readHandshake(reply), {
    name: "Biscoe",
    nSamples: 4,
    nFeatures: 2,
    featureNames: ["bill", "mass"],
    hasLabels: true,
    labelColumn: null,
    protection: THRESHOLD,
    nPoints: 4,
    leastWeight: 1,
    greatestWeight: 1,
    bounds: null,
  });
  const plain = readHandshake(answerHandshake(localClient("Dream", FOUR_ROWS).local, HELLO));
  assert.deepEqual([plain.featureNames, plain.hasLabels], [null, false]);
  // Five rows in groups of 2 or 3 are one of each.
  const five = {
    rows: { data: Float64Array.from([...FOUR_ROWS.flat(), 9, 9]), nRows: 5, nColumns: 2 },
    featureNames: null,
    labels: null,
    classes: [],
  };
  const policy = groupsPolicy(2);
  const { local } = bothClients("Torgersen", five, policy).points;
  const { nSamples, nPoints, leastWeight, greatestWeight } = readHandshake(
    answerHandshake(local, handshakeRequest(policy)),
  );
  assert.deepEqual([nSamples, nPoints, leastWeight, greatestWeight], [5, 2, 2, 3]);
});

test("clients that fit together agree; those without feature names take those of the others", () => {
  const clients = [described("a", 2), described("b", 2, ["x", "y"]), described("c", 2, ["x", "y"])];
  const agreement = agree(clients, 30);
  assert.deepEqual(agreement, {
    clients,
    nFeatures: 2,
    featureNames: ["x", "y"],
    asked: null,
    nSamples: 30,
    nPoints: 30,
    bounds: null,
    protection: THRESHOLD,
  });
  assert.equal(agree([described("a", 2)], 3).featureNames, null);
});

test("a federation that does not fit together is refused: who, and what differs", () => {
  const refused: [ClientDescription[], string][] = [
    [
      [described("a", 2), described("b", 3), described("c", 2)],
      "clients differ in the number of features: 2 features at a, c; 3 features at b",
    ],
    [
      [described("a", 2, ["x", "y"]), described("b", 2, ["y", "x"]), described("c", 2)],
      'client c has no names of features to go by, where others have them: "x", "y"',
    ],
    [
      [described("a", 2, ["x", "y"]), described("b", 2, ["y", "z"]), described("c", 1, ["y"])],
      'clients differ in their features: "x" is at a, not at b, c; "z" is at b, not at a, c',
    ],
    [
      [described("a", 2, ["x, y", "z"]), described("b", 2, ["x", "y, z"])],
      'clients differ in their features: "x, y" is at a, not at b; "z" is at a, not at b; ' +
        '"x" is at b, not at a; "y, z" is at b, not at a',
    ],
    [
      [described("a", 9, [..."abcdefghi"]), described("b", 9, [..."rstuvwxyz"])],
      `clients differ in their features: ${[..."abcde"].map((name) => `"${name}" is at a, not at b`).join("; ")}; and 13 more`,
    ],
    [
      [described("a", 3, ["x", "y", "x"]), described("b", 2, ["y", "x"])],
      'client a has two features named "x", which cannot go by their name',
    ],
    [
      [...Array(8).keys()].map((i) => described(`client${i}`, i === 3 ? 1 : 4)),
      "clients differ in the number of features: " +
        "4 features at client0, client1, client2, client4, client5 and 2 more; 1 feature at client3",
    ],
    [
      [described("a", 2), described("b", 2)],
      "cannot make 21 clusters of 20 rows: the setting\u00a0kGlobal must be at most the number of rows",
    ],
    [
      [described("a", 2), described("b", 2), described("a", 2)],
      'two clients are named "a": give each its own name',
    ],
  ];
  for (const [clients, message] of refused) {
    assert.throws(
      () => agree(clients, 21),
      (error) => error instanceof RunError && error.message === message,
      message,
    );
  }
});

test("a client that goes by another's name, or says what cannot be, is refused in one line that names it", async () => {
  const whole = answerHandshake(localClient("b", FOUR_ROWS, { featureNames: ["x", "y"] }).local, HELLO);
  const lies: [Record<string, unknown>, RegExp][] = [
    [{ name: "a" }, /scalar "name": expected "b", found "a"$/],
    [{ name: "" }, /scalar "name": expected "b", found ""$/],
    [
      { name: "b".repeat(1e7) },
      /scalar "name": expected texts of at most 10000 characters, found one of 10000000$/,
    ],
    [{ n_samples: 2 ** 53 - 1 }, /scalar "n_samples": expected a count, found 9007199254740991$/],
    [{ n_features: 0 }, /scalar "n_features": expected a count of at least 1, found 0$/],
    [{ feature_names: ["x"] }, /scalar "feature_names": expected 2 names or none, found 1$/],
  ];
  for (const [lie, reason] of lies) {
    const liar = {
      name: "b",
      answer: ({ exchange }: Message) =>
        ({ ...whole, exchange, scalars: { ...whole.scalars, ...lie } }) as Message,
    };
    await assert.rejects(serveInline([localClient("a", FOUR_ROWS), liar], {}), (error) => {
      const { message } = error as Error;
      return (
        error instanceof RunError && message.startsWith("client b cannot take part: ") && reason.test(message)
      );
    });
  }
});

test("an option that does not fit the clients is refused as wrong usage", async () => {
  const clients = () => ["a", "b"].map((name) => localClient(name, FOUR_ROWS));
  const start = { data: new Float64Array(6), nRows: 3, nColumns: 2 };
  const refused: [Parameters<typeof serveInline>[1], RegExp][] = [
    [{ minClients: 3 }, /^the federation has 2 clients, the setting\sminClients is 3$/],
    [{ pcaComponents: 3 }, /^the setting\spcaComponents must be at most the 2 features, found 3$/],
    [
      { start, k: 2 },
      /^the setting\sstart must hold clusters x features = \(2, 2\) centroids, found \(3, 2\)$/,
    ],
  ];
  for (const [options, message] of refused) {
    await assert.rejects(
      serveInline(clients(), options),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  }
});

test("another version of the protocol is refused on both sides in a line that names clients and both versions", async () => {
  const speaking = (name: string, protocol: number | undefined) => {
    const client = localClient(name, FOUR_ROWS);
    return {
      name,
      answer(request: Message) {
        const { protocol: _, ...rest } = request.scalars;
        const asked = { ...request, scalars: { ...rest, protocol: PROTOCOL } };
        const { protocol: __, ...scalars } = client.answer(asked).scalars;
        const said = protocol === undefined ? scalars : { ...scalars, protocol };
        return { ...client.answer(asked), scalars: said } as Message;
      },
    };
  };
  const advice = "install the same version of fedkmeans at both";
  const clients = [
    localClient("a", FOUR_ROWS),
    speaking("b", 99),
    speaking("c", undefined),
    speaking("d", 99),
  ];
  await assert.rejects(serveInline(clients, {}), (error) => {
    assert.equal(
      (error as Error).message,
      `clients b, d cannot take part: it speaks 99 of the versions of the protocol, the server speaks ${PROTOCOL}: ${advice}; ` +
        "nor can client c, for other reasons",
    );
    return error instanceof RunError;
  });
  await assert.rejects(serveInline([localClient("a", FOUR_ROWS), speaking("c", undefined)], {}), {
    message: `client c cannot take part: it states none of the versions of the protocol, the server speaks ${PROTOCOL}: ${advice}`,
  });
  const { local } = localClient("a", FOUR_ROWS);
  assert.throws(
    () => answerHandshake(local, { ...HELLO, scalars: { ...HELLO.scalars, protocol: 2.5 } }),
    new RunError(`it speaks ${PROTOCOL} of the versions of the protocol, the server speaks 2.5: ${advice}`),
  );
});
