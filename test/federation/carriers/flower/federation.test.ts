import assert from "node:assert/strict";
import { test } from "node:test";
import { nameSettingsInProgram } from "#src/errors.js";
import { type FlowerOptions, flowerFederation } from "#src/federation/carriers/flower/federation.js";
import { writeFrame } from "#src/federation/carriers/flower/frames.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import type { Client } from "#src/federation/client/client.js";
import type { Federation } from "#src/federation/federation.js";
import type { RunEvent } from "#src/federation/run-event.js";
import { floats } from "#src/workflow/message.js";
import { labelledClients } from "../../../support/clients.js";
import { droppedIn, eventsOf, serveAll } from "../../../support/federation.js";
import { carryOut, linkInMemory, type Node, nodeOf, type Said } from "../../../support/flower-server-app.js";

const CLIENTS: readonly Client[] = labelledClients(3);
const [A, B, C] = CLIENTS.map(nodeOf);

interface Setup {
  readonly federation: Federation;
  /** What was told while it met. */
  readonly told: string[];
  /** What each request was about, and to whom it went. */
  readonly asked: string[];
  /** Until the server asks for no more. */
  readonly carried: Promise<void>;
}

/** @param nodes those that are listed at each look, the last of them from then on */
function overFlower(
  nodes: readonly Readonly<Record<string, Node>>[],
  options: Partial<FlowerOptions> = {},
): Setup {
  const { link, streams } = linkInMemory();
  const told: string[] = [];
  const asked: string[] = [];
  const federation = flowerFederation(link, {
    run: "run",
    dataSource: "test_data",
    numClients: 3,
    clients: null,
    waitForClients: 0,
    isSimulation: false,
    tell: (line) => told.push(line),
    ...options,
  });
  let looks = 0;
  let listed = {};
  const carried = carryOut(
    streams,
    (isLook) => {
      if (isLook) listed = nodes[Math.min(looks++, nodes.length - 1)];
      return listed;
    },
    ({ header }) => {
      const { kind } = header.message as { kind: string };
      asked.push(`${kind}: ${(header.to as string[]).join(", ")}`);
    },
  );
  return { federation, told, asked, carried };
}

/** A node that says something else than its client at some kinds of request. */
function except(node: Node, kind: string, instead: Node): Node {
  return (request) => ((request.header.message as { kind: string }).kind === kind ? instead : node)(request);
}

/** The same node, whose reply is changed before it leaves. */
function changed(node: Node, kind: string, change: (said: Said) => Said | Said[]): Node {
  return except(node, kind, async (request) => change((await node(request)) as Said));
}

const ERROR: Node = () => ({ header: { error: "Node Unavailable (Flower's error 5)" } });
const SILENT: Node = () => [];
const refusal =
  (reason: string): Node =>
  () => ({ header: { message: { refusal: reason }, scalars: {} } });

/** The bytes of what a run came to. */
function meansOf(events: readonly RunEvent[]): Uint8Array {
  const { data } = eventsOf(events, "evaluation")[0].finalMeans;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

async function failureOf({ federation }: Setup): Promise<string> {
  try {
    await serveAll(federation);
  } catch (error) {
    return nameSettingsInProgram((error as Error).message);
  }
  throw new Error("the run came to its end");
}

test("a run over Flower has the bytes of one inline, in whatever order nodes are listed", async () => {
  const inline = await serveAll(inlineFederation(CLIENTS));
  const { federation, told, asked } = overFlower([{ 30: C, 10: B, 20: A }]);
  const events = await serveAll(federation);
  assert.deepEqual(federation.clients, ["a", "b", "c"]);
  assert.deepEqual(meansOf(events), meansOf(inline));
  assert.deepEqual(told, []);
  // Who is there is asked for once; from then on it goes by names.
  assert.equal(asked[0], "handshake: 10, 20, 30");
  assert.deepEqual(
    asked.slice(1).filter((line) => !line.endsWith(": 20, 10, 30")),
    [],
  );
  assert.equal(asked.filter((line) => line.startsWith("handshake")).length, 1);
});

test("a run waits for as many as it begins with, says how many are here, and asks all at once", async () => {
  const { federation, told, asked } = overFlower([{}, { 1: A }, { 1: A }, { 1: A, 2: B, 3: C }], {
    waitForClients: 60,
  });
  const events = await serveAll(federation);
  assert.deepEqual(told, ["0 of 3 clients are here", "1 of 3 clients is here"]);
  assert.equal(asked[0], "handshake: 1, 2, 3");
  assert.deepEqual(eventsOf(events, "handshake")[0].dropped, []);
});

test("a node that comes late takes the place of one that cannot take part", async () => {
  const { federation, told, asked } = overFlower(
    [
      { 1: A, 2: B, 3: ERROR },
      { 1: A, 2: B, 3: ERROR, 4: C },
    ],
    { waitForClients: 60 },
  );
  const events = await serveAll(federation);
  assert.equal(told.length, 2);
  assert.equal(told[0], "node 3 cannot take part: Node Unavailable (Flower's error 5)");
  assert.match(told[1], /^2 of 3 clients can take part; waiting \d+ s for others$/);
  assert.deepEqual(asked.slice(0, 2), ["handshake: 1, 2, 3", "handshake: 4"]);
  const [{ agreement, dropped }] = eventsOf(events, "handshake");
  assert.deepEqual(
    agreement.clients.map(({ name }) => name),
    ["a", "b", "c"],
  );
  assert.deepEqual(dropped, [{ client: "node 3", reason: "Node Unavailable (Flower's error 5)" }]);
});

test("all nodes that answer take part, and the run says who is left out", async () => {
  const { federation } = overFlower([{ 1: A, 2: B, 3: C, 4: SILENT }], { numClients: 2 });
  const events = await serveAll(federation);
  const [{ agreement, dropped }] = eventsOf(events, "handshake");
  assert.equal(agreement.clients.length, 3);
  assert.deepEqual(dropped, [{ client: "node 4", reason: "no answer" }]);
});

test("too few nodes end a run in one line that says what to do", async () => {
  const few = overFlower([{ 1: A, 2: B }]);
  assert.equal(
    await failureOf(few),
    "2 of 3 clients are here after 0 s: start more SuperNodes, or ask for fewer by numClients",
  );
  assert.deepEqual(few.asked, []);
  assert.equal(
    await failureOf(overFlower([{ 1: A }], { isSimulation: true })),
    '1 of 3 clients is here after 0 s: start as many nodes by --federation-config "num-supernodes=3", ' +
      "or ask for fewer by numClients",
  );
  assert.equal(
    await failureOf(overFlower([{ 1: A, 2: refusal("it has no state"), 3: C }])),
    "2 of 3 clients can take part after 0 s (node 2: it has no state): see to it there, or start other nodes, or ask for fewer by numClients",
  );
});

test("why a node cannot take part is told at once, in a line of bounded length", async () => {
  const { federation, told } = overFlower([{ 1: refusal("x".repeat(5000)), 2: A, 3: B }], { numClients: 2 });
  await serveAll(federation);
  assert.deepEqual(told, [`node 1 cannot take part: ${"x".repeat(1000)}...`]);
});

test("of nodes of one name none takes part, and the run goes on if the others are enough", async () => {
  const both =
    'node 3 and node 4 are both named "c": neither takes part; give each its own partition-id or name';
  const enough = overFlower([{ 1: A, 2: B, 3: C, 4: C }], { numClients: 2 });
  const events = await serveAll(enough.federation);
  assert.deepEqual(enough.federation.clients, ["a", "b"]);
  assert.deepEqual(enough.told, [both]);
  const reason = 'another node is named "c", too';
  assert.deepEqual(eventsOf(events, "handshake")[0].dropped, [
    { client: "node 3", reason },
    { client: "node 4", reason },
  ]);
  const three = overFlower([{ 1: A, 2: B, 3: C, 4: C, 5: C }], { numClients: 2 });
  await serveAll(three.federation);
  assert.deepEqual(three.federation.clients, ["a", "b"]);
  const few = overFlower([{ 1: A, 2: B, 3: B }]);
  assert.equal(
    await failureOf(few),
    '1 of 3 clients can take part after 0 s (node 2: another node is named "b", too; 1 more above): ' +
      "see to it there, or start other nodes, or ask for fewer by numClients",
  );
});

test("a line break in a node's reason makes no line of its own", async () => {
  const { federation, told } = overFlower([{ 1: A, 2: B, 3: refusal("no\nrun hash 0") }], { numClients: 2 });
  await serveAll(federation);
  assert.deepEqual(told, ["node 3 cannot take part: no\\u000arun hash 0"]);
});

test("in a run that is resumed nobody takes part who was not in it", async () => {
  const options = { numClients: 2, clients: ["a", "c"] };
  const { federation, told } = overFlower([{ 1: A, 2: B, 3: C }], options);
  await serveAll(federation);
  assert.deepEqual(federation.clients, ["a", "c"]);
  assert.deepEqual(told, ['node 2 cannot take part: "b" was not in the run that is resumed']);
  const without = overFlower([{ 1: A, 2: B }], options);
  assert.equal(
    await failureOf(without),
    '1 of 2 clients can take part after 0 s (node 2: "b" was not in the run that is resumed): see to it there, or start other nodes',
  );
});

const MISDEEDS: Readonly<Record<string, readonly [Node, RegExp]>> = {
  "Flower's error": [ERROR, /^Node Unavailable \(Flower's error 5\)$/],
  "a refusal": [refusal("not today"), /^not today$/],
  silence: [SILENT, /^no answer$/],
  "a frame of nothing": [() => ({ header: {} }), /expected a message with a kind/],
  "a header of other things": [
    () => ({ header: { message: 7, scalars: "x" } }),
    /expected a message with a kind/,
  ],
  "a scalar that is none": [
    changed(B, "clustering/start", ({ header, arrays }) => ({
      header: { ...header, scalars: { inertia: null } },
      arrays,
    })),
    /scalar "inertia": expected/,
  ],
  "no arrays": [changed(B, "clustering/start", ({ header }) => ({ header })), /expected int32/],
  "arrays of another shape": [
    changed(B, "clustering/start", ({ header, arrays }) => ({
      header,
      arrays: { ...arrays, counts: floats(new Float64Array(2), 2) },
    })),
    /array "counts": expected int32 .*, found float64 \(2\)/,
  ],
  "a reply to another exchange": [
    changed(B, "clustering/start", ({ header, arrays }) => ({
      header: { ...header, message: { ...(header.message as object), exchange: 1 } },
      arrays,
    })),
    /exchange/,
  ],
};

for (const [what, [instead, reason]] of Object.entries(MISDEEDS)) {
  test(`a node is left out of a step for ${what}, and is back in the next`, async () => {
    const { federation } = overFlower([{ 1: A, 2: except(B, "clustering/start", instead), 3: C }]);
    const dropped = droppedIn(await serveAll(federation));
    assert.equal(dropped.length, 1, String(dropped));
    const [, client, said] = /^round 0: (\w+): (.*)$/.exec(dropped[0])!;
    assert.equal(client, "b");
    assert.match(said, reason);
  });
}

test("of two replies of a node the first counts, and one of nobody who was asked counts for nobody", async () => {
  const honest = overFlower([{ 1: A, 2: B, 3: C }]);
  const means = meansOf(await serveAll(honest.federation));
  const twice: Node = async (request) => {
    const said = (await B(request)) as Said;
    return [
      said,
      { ...said, header: { ...said.header, scalars: {} } },
      { ...said, header: { ...said.header, node: "99" } },
    ];
  };
  const { federation } = overFlower([{ 1: A, 2: twice, 3: C }]);
  const events = await serveAll(federation);
  assert.deepEqual(droppedIn(events), []);
  assert.deepEqual(meansOf(events), means);
});

test("the ServerApp's end, before or in the midst of an exchange, ends the run in one line", async () => {
  for (const kind of ["handshake", "clustering/update"]) {
    const { link, streams } = linkInMemory();
    const dies: Node = () => {
      streams.to.end();
      streams.from.destroy();
      return new Promise<never>(() => {});
    };
    const options = {
      run: "",
      dataSource: "",
      numClients: 2,
      clients: null,
      waitForClients: 0,
      isSimulation: false,
    };
    const federation = flowerFederation(link, { ...options, tell: () => {} });
    void carryOut(streams, () => ({ 1: A, 2: except(B, kind, dies) })).catch(() => {});
    await assert.rejects(
      serveAll(federation),
      { name: "RunError", message: "the Flower ServerApp has ended" },
      kind,
    );
    await federation.close();
  }
});

test("what the ServerApp was not asked for ends the run in one line", async () => {
  for (const header of [{ nodes: 3 }, { end: true }, {}]) {
    const { link, streams } = linkInMemory();
    const nodes = link.nodes(new AbortController().signal);
    await writeFrame(streams.to, header);
    await assert.rejects(nodes, /the Flower ServerApp sent what it was not asked for/);
  }
});

test("a signal ends a run at once: while it waits, and in the midst of an exchange", async () => {
  for (const [nodes, kind] of [
    [{ 1: A }, null],
    [{ 1: A, 2: B, 3: except(C, "handshake", () => new Promise<never>(() => {})) }, "handshake"],
    [
      { 1: A, 2: B, 3: except(C, "clustering/start", () => new Promise<never>(() => {})) },
      "clustering/start",
    ],
  ] as const) {
    const controller = new AbortController();
    const abort = () => controller.abort(new Error("enough"));
    const { link, streams } = linkInMemory();
    const options = {
      run: "",
      dataSource: "",
      numClients: 3,
      clients: null,
      waitForClients: 600,
      isSimulation: false,
    };
    // As soon as it waits, or has asked.
    const federation = flowerFederation(link, { ...options, tell: abort });
    const asked = ({ header }: { header: Readonly<Record<string, unknown>> }) => {
      if ((header.message as { kind: string }).kind === kind) setImmediate(abort);
    };
    void carryOut(streams, () => nodes, asked).catch(() => {});
    await assert.rejects(serveAll(federation, {}, controller.signal), { message: "enough" });
    await federation.close();
  }
});
