import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, checkAnswers } from "#src/workflow/answers.js";
import { ALGORITHM_NAMES, ALGORITHMS } from "#src/workflow/clustering/algorithms.js";
import { labelledClients } from "../support/clients.js";
import { EVERY_RUN, requestsOf } from "../support/federation.js";

test("no two algorithms ask for different things by one kind of request", () => {
  const owners = new Map<string, string>();
  for (const name of ALGORITHM_NAMES) {
    for (const kind of Object.keys(ALGORITHMS[name].answers)) {
      assert.equal(owners.get(kind), undefined, `${kind} of ${name}`);
      owners.set(kind, name);
    }
  }
  assert.ok(owners.size >= 4);
  assert.deepEqual(
    [...owners.keys()].filter((kind) => !kind.startsWith("clustering/") || kind === "clustering/update"),
    [],
  );
});

test("every request of every run has its answer, which is of the kind and the exchange that was asked for", async () => {
  const [client] = labelledClients();
  const kinds = new Set<string>();
  for (const options of EVERY_RUN) {
    for (const request of await requestsOf(options)) {
      kinds.add(request.kind);
      const reply = answer(client.local, request);
      assert.equal(checkAnswers(request, reply), reply);
      assert.throws(() => checkAnswers(request, { ...reply, kind: "other" }), /expected the kind/);
      assert.throws(() => checkAnswers({ ...request, exchange: 99 }, reply), /an answer to exchange 99/);
    }
  }
  for (const { answers, hasMemory } of Object.values(ALGORITHMS)) {
    // Clients of differential privacy answer nothing else, in runs of their own.
    if (hasMemory) continue;
    for (const kind of Object.keys(answers)) assert.ok(kinds.has(kind), `${kind} is asked for by no run`);
  }
});

test("a round's request is answered as the algorithm that it names", async () => {
  const [client] = labelledClients();
  const [update] = (await requestsOf({ algorithm: "fkm" })).filter(
    ({ kind }) => kind === "clustering/update",
  );
  const kindAs = (algorithm: string) =>
    answer(client.local, { ...update, scalars: { ...update.scalars, algorithm } }).kind;
  assert.equal(kindAs("lloyd"), "clustering/local_sums");
  for (const other of ["fkm", "k-fed", "toString", ""]) assert.equal(kindAs(other), "clustering/local_means");
});
