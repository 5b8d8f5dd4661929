import assert from "node:assert/strict";
import { test } from "node:test";
import { messageHeader, refusalHeader } from "#src/federation/carriers/flower/envelope.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import type { Client } from "#src/federation/client/client.js";
import { privateClients } from "#src/federation/client/private-clients.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import { muOf } from "#src/privacy/gaussian-account.js";
import { groupsPolicy, privatePolicy, thresholdPolicy } from "#src/privacy/policy.js";
import { ALGORITHM_NAMES } from "#src/workflow/clustering/algorithms.js";
import type { Message, NamedArray, Scalar } from "#src/workflow/message.js";
import { sourcesOf } from "../support/clients.js";
import { EVERY_RUN, serveAll } from "../support/federation.js";
import { textOf } from "./pages.js";

const PAGE = "docs/flower-messages.md";

interface Field {
  readonly name: string;
  readonly type: string;
  /** As the page writes it: "(k, p)"; empty of what has no size. */
  readonly size: string;
  readonly isOptional: boolean;
  /** Whether it is one of those that many kinds of requests have. */
  readonly isCommon?: true;
}

/** The tables of a part of the page: rows of cells, without the heads. */
function tableOf(text: string): string[][] {
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  const cells = rows.map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
  return cells.filter(([first], i) => !/^-+$/.test(first) && !/^-+$/.test(cells[i + 1]?.[0] ?? ""));
}

function fieldsIn(text: string): Field[] {
  return tableOf(text).map(([name, type, size]) => {
    const [, plain, mark] = /^`?([\w ]+)`?(\??)$/.exec(name) ?? [];
    assert.ok(plain !== undefined, name);
    return { name: plain, type, size, isOptional: mark === "?" };
  });
}

/** What the page says of each kind of message. */
function fieldsOfPage(what: "Request" | "Reply"): Map<string, Field[]> {
  const [before, ...sections] = textOf(PAGE).split(/^#{2,3} /m);
  assert.ok(before.length > 0);
  const requests = sections.find((section) => section.startsWith("Requests"))!;
  const commons = fieldsIn(requests).map((field): Field => ({ ...field, isCommon: true }));
  const names = commons.filter(({ name }) => name === "feature_names");
  const transform = commons.filter(({ name }) => name !== "feature_names");
  assert.deepEqual([names.length, transform.length], [1, 4]);
  return new Map(
    sections
      .filter((section) => section.startsWith(`${what} \``))
      .map((section) => {
        const [, kind] = /`(.*)`/.exec(section)!;
        const own = fieldsIn(section).flatMap((field) =>
          field.name === "the transform" ? transform : field,
        );
        return [kind, what === "Request" ? [...names, ...own] : own];
      }),
  );
}

interface Exchange {
  readonly request: Message;
  readonly reply: Message;
  readonly sizes: Readonly<Record<string, number>>;
}

/** Every request of some runs of three clients, with its reply. */
async function exchangesOf(
  options: Partial<ServerOptions>,
  { nFeatures = 3, hasLabels = true } = {},
): Promise<Exchange[]> {
  const found: Exchange[] = [];
  const policy =
    options.protection?.mode === "groups" ? groupsPolicy(options.protection.groupSize) : undefined;
  const p = options.pcaComponents ?? options.features?.length ?? nFeatures;
  const clients = sourcesOf([null, null, null], nFeatures).map(
    ({ name, policy: threshold, data }): Client => {
      if (!("rows" in data)) throw new Error("rows in memory expected");
      const { nRows } = data.rows;
      const classes = hasLabels ? ["x", "y"] : [];
      const labels = hasLabels ? Int32Array.from({ length: nRows }, (_, i) => i % 2) : null;
      const featureNames = options.features && Array.from({ length: nFeatures }, (_, f) => `x${f}`);
      const partition = { ...data, labels, classes, featureNames: featureNames ?? null };
      const own = options.asPublished ? thresholdPolicy(0) : (policy ?? threshold);
      const client = bothClients(name, partition, own).points;
      return {
        name,
        answer(request) {
          const reply = client.answer(request);
          const sizes = { d: options.features?.length ?? nFeatures, p, f: nFeatures };
          found.push({ request, reply, sizes });
          return reply;
        },
      };
    },
  );
  await serveAll(inlineFederation(clients), options);
  return found;
}

const TERMS = { epsilon: 4.5, delta: 1e-6, declaredRows: 90 };

/** The same of a run under differential privacy, of clients whose features have names. */
async function privateExchangesOf(features: readonly string[] | null): Promise<Exchange[]> {
  const found: Exchange[] = [];
  const own = ["x0", "x1", "x2"];
  const bounds = { features: own, low: Float64Array.of(-3, -3, -3), high: Float64Array.of(7, 7, 7) };
  const policy = privatePolicy({ ...TERMS, epsilonLimit: TERMS.epsilon, bounds });
  const d = (features ?? own).length;
  const clients = sourcesOf([null, null, null]).map(({ name, data }): Client => {
    if (!("rows" in data)) throw new Error("rows in memory expected");
    const client = privateClients(name, { ...data, featureNames: own }, policy, policy.privately!).points;
    return {
      name,
      answer(request) {
        const reply = client.answer(request);
        found.push({ request, reply, sizes: { d, p: d, f: own.length } });
        return reply;
      },
    };
  });
  await serveAll(inlineFederation(clients), {
    algorithm: "dp-lloyd",
    features,
    protection: { mode: "dp", groupSize: 1, privacyThreshold: 1, privately: TERMS },
    privately: { ...TERMS, mu: muOf(TERMS.epsilon, TERMS.delta) },
  });
  return found;
}

const GROUPS = { mode: "groups", groupSize: 3, privacyThreshold: 1 } as const;

async function everyExchange(): Promise<Exchange[]> {
  const runs = [
    ...EVERY_RUN.map((options) => exchangesOf(options)),
    exchangesOf({ protection: GROUPS, privacyThreshold: 1, restarts: 3 }),
    exchangesOf({ features: ["x2", "x0"] }),
    exchangesOf({ pca: false }, { hasLabels: false }),
    exchangesOf({ maxIterations: 1 }, { nFeatures: 401 }),
    exchangesOf({ maxIterations: 1, normalize: false }, { nFeatures: 401 }),
    privateExchangesOf(null),
    privateExchangesOf(["x2", "x0"]),
  ];
  return (await Promise.all(runs)).flat();
}

test("the page has every kind of message that runs of all algorithms have, and every field as they have it", async () => {
  const exchanges = await everyExchange();
  const asked = [...EVERY_RUN.map(({ algorithm }) => algorithm), "dp-lloyd"];
  assert.deepEqual(new Set(asked), new Set(ALGORITHM_NAMES));
  for (const what of ["Request", "Reply"] as const) {
    const page = fieldsOfPage(what);
    const sent = exchanges.map(({ request, reply, sizes }) =>
      what === "Request"
        ? { message: request, known: [sizes] }
        : {
            message: reply,
            known: [sizes, sizesIn(request, fieldsOfPage("Request").get(request.kind)!, sizes)],
          },
    );
    const kinds = new Set(sent.map(({ message }) => message.kind));
    assert.deepEqual([...page.keys()].sort(), [...kinds].sort(), what);
    for (const kind of kinds) {
      const messages = sent.filter(({ message }) => message.kind === kind);
      const fields = page.get(kind)!;
      for (const field of fields.filter(({ isCommon }) => !isCommon))
        checkField(
          `${what} ${kind}`,
          field,
          messages.map(({ message }) => message),
        );
      for (const { message, known } of messages) {
        const names = [...Object.keys(message.arrays), ...Object.keys(message.scalars)];
        const unsaid = names.filter((name) => fields.every((field) => field.name !== name));
        assert.deepEqual(unsaid, [], `${what} ${kind}`);
        sizesIn(message, fields, Object.assign({}, ...known));
      }
    }
    const commons = [...page.values()].flat().filter(({ isCommon }) => isCommon);
    for (const common of new Set(commons)) {
      const having = [...page].filter(([, fields]) => fields.includes(common)).map(([kind]) => kind);
      const messages = sent.map(({ message }) => message).filter(({ kind }) => having.includes(kind));
      checkField(what, common, messages);
    }
  }
});

/** Its type in all messages of its kind, and whether it is in all of them. */
function checkField(where: string, { name, type, isOptional }: Field, messages: readonly Message[]): void {
  const values = messages.flatMap(({ arrays, scalars }): (NamedArray | Scalar)[] => [
    ...(name in arrays ? [arrays[name]] : []),
    ...(name in scalars ? [scalars[name]] : []),
  ]);
  assert.ok(values.length > 0, `${where}: no message has ${name}`);
  assert.equal(
    values.length < messages.length,
    isOptional,
    `${where}: ${name} is in ${values.length} of ${messages.length}`,
  );
  const types = new Set(values.map(typeOf));
  // A number may happen to be whole.
  if (types.has("number")) types.delete("integer");
  assert.deepEqual([...types], [type], `${where}: ${name}`);
}

function typeOf(value: NamedArray | Scalar): string {
  if (typeof value === "boolean") return "flag";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return "dtype" in value ? value.dtype : "texts";
}

/** Sizes that a message's fields have, each the same wherever it stands. */
function sizesIn(
  { arrays, scalars, kind }: Message,
  fields: readonly Field[],
  known: Readonly<Record<string, number>>,
): Record<string, number> {
  const sizes: Record<string, number> = { ...known };
  const meet = (symbol: string, found: number, name: string) => {
    if (symbol === "d(d+1)/2") {
      assert.equal(found, (sizes.d * (sizes.d + 1)) / 2, `${kind}: ${name}`);
      return;
    }
    assert.match(symbol, /^[a-z]$/, `${kind}: ${name}`);
    sizes[symbol] ??= found;
    assert.equal(found, sizes[symbol], `${kind}: ${symbol} of ${name}`);
  };
  for (const { name, size } of fields) {
    const texts = scalars[name];
    if (Array.isArray(texts)) {
      // Without names or labels it is empty.
      if (texts.length > 0 || size === "c") meet(size, texts.length, name);
      continue;
    }
    if (!(name in arrays)) {
      assert.equal(Array.isArray(texts) || size === "" || !(name in scalars), true, `${kind}: ${name}`);
      continue;
    }
    const symbols = size.replace(/^\(|\)$/g, "").split(", ");
    assert.equal(arrays[name].shape.length, symbols.length, `${kind}: ${name} is ${size}`);
    for (const [axis, symbol] of symbols.entries()) meet(symbol, arrays[name].shape[axis], name);
  }
  return sizes;
}

test("the page has the fields of the record that says what a message is", () => {
  const section = textOf(PAGE)
    .split(/^## /m)
    .find((part) => part.startsWith("The record `message`"))!;
  const said = (of: string) =>
    tableOf(section)
      .filter(([what]) => what === of)
      .map(([, name]) => name.replaceAll("`", ""));
  const message: Message = { kind: "handshake", exchange: 1, arrays: {}, scalars: {} };
  const keysOf = (header: Readonly<Record<string, unknown>>) =>
    Object.entries(header.message as object).flatMap(([name, value]) => (value === undefined ? [] : name));
  assert.deepEqual(said("request"), keysOf(messageHeader(message, { run: "r", dataSource: "test_data" })));
  assert.deepEqual(said("reply"), keysOf(messageHeader(message)));
  assert.deepEqual(said("refusal"), keysOf(refusalHeader("it does not")));
});
