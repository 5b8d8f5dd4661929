import assert from "node:assert/strict";
import { test } from "node:test";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import { handshakeRequest } from "#src/workflow/handshake.js";
import { clientsOf, sourcesOf } from "../../support/clients.js";
import { droppedIn, exchange, outcomes, STEPS, serveAll, THRESHOLD } from "../../support/federation.js";
import { type Misdeed, misdeed } from "../../support/unruly-client.js";

const federationOf = (misdeeds: readonly (Misdeed | null)[]) =>
  inlineFederation(clientsOf(sourcesOf(misdeeds)));

test("a client that throws, or never answers within its deadline, fails alone and is asked again", async () => {
  const federation = federationOf([
    null,
    misdeed("throw", "handshake", 1),
    misdeed("never", "handshake", 1),
    null,
  ]);
  const first = await exchange(federation, handshakeRequest(THRESHOLD), 50);
  assert.deepEqual(outcomes(federation, first), [
    "answer",
    "the disk is full",
    "no answer within 0.05 s",
    "answer",
  ]);
  const second = await exchange(federation, handshakeRequest(THRESHOLD));
  assert.deepEqual(outcomes(federation, second), ["answer", "answer", "answer", "answer"]);
});

test("a request of an unknown kind is refused by name, even one that every object has", async () => {
  const federation = federationOf([null]);
  for (const kind of ["rows", "constructor"]) {
    const replies = await exchange(federation, { kind, arrays: {}, scalars: {} });
    assert.deepEqual(outcomes(federation, replies), [`unknown request "${kind}"`]);
  }
});

/** What may be asked for, each with the setting of the run, and what a client that fails it is left out of. */
const FAILURES = [
  ...STEPS.slice(1).map(([step, kind]) => ({ step, kind, normalize: true, without: [step] })),
  { step: "PCA", kind: "pca/scatter", normalize: false, without: ["pca"] },
];
FAILURES[0].without = ["normalization", "pca"];

for (const { step, kind, normalize, without } of FAILURES) {
  test(`a client that fails ${kind} is dropped from ${without.join(" and ")} and from nothing else`, async () => {
    const events = await serveAll(federationOf([null, misdeed("throw", kind, 1), null]), { normalize });
    assert.deepEqual(
      droppedIn(events),
      without.map((phase) => `${phase}: b: the disk is full`),
    );
  });

  test(`too few answers to ${kind} end the run in ${step}`, async () => {
    const federation = federationOf([null, misdeed("throw", kind, 1), misdeed("babble", kind, 1)]);
    const named = step === "round 0" ? "the start" : step;
    await assert.rejects(
      serveAll(federation, { normalize }),
      new RegExp(
        `^RunError: 1 of 3 clients answered in ${named}, the setting\\sminClients is 2 \\(b: the disk is full\\)$`,
      ),
    );
  });
}

test("Davies-Bouldin and Calinski-Harabasz are unknown if not the same clients answer both questions", async () => {
  const evaluated = async (misdeeds: (Misdeed | null)[]) => {
    const last = (await serveAll(federationOf(misdeeds))).at(-1)!;
    assert.equal(last.type, "evaluation");
    return last.type === "evaluation" ? last.metrics : null;
  };
  const fit = () => misdeed("throw", "evaluation/fit", 1);
  const dispersion = () => misdeed("throw", "evaluation/dispersion", 1);
  const all = await evaluated([null, null, null]);
  assert.ok(all!.daviesBouldinScore! > 0 && all!.calinskiHarabaszScore! > 0);
  for (const misdeeds of [
    [null, null, dispersion()],
    [null, fit(), null],
    [null, fit(), dispersion()],
  ]) {
    const metrics = await evaluated(misdeeds);
    assert.deepEqual([metrics!.daviesBouldinScore, metrics!.calinskiHarabaszScore], [null, null]);
  }
});

test("the handshake is strict: one client that does not answer ends the run", async () => {
  const federation = federationOf([null, misdeed("throw", "handshake", 1), null]);
  await assert.rejects(serveAll(federation), /^RunError: client b cannot take part: the disk is full$/);
});

for (const [, kind] of STEPS) {
  test(`a signal during ${kind} ends the run with its reason`, async () => {
    const federation = federationOf([misdeed("never", kind, 1), null]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await assert.rejects(serveAll(federation, {}, controller.signal), /^Error: enough$/);
  });
}

test("a signal that was aborted before lets no client be asked", async () => {
  const trap = misdeed("throw", "handshake", 1);
  await assert.rejects(serveAll(federationOf([trap, null]), {}, AbortSignal.abort(new Error("no"))), /no/);
  assert.equal(trap.left[0], 1);
});

test("options that do not fit the clients are wrong usage and say both sides", async () => {
  const federation = federationOf([null, null]);
  await assert.rejects(
    serveAll(federation, { pcaComponents: 4 }),
    /^UsageError: the setting\spcaComponents must be at most the 3 features, found 4$/,
  );
  await assert.rejects(
    serveAll(federation, { minClients: 3 }),
    /^UsageError: the federation has 2 clients, the setting\sminClients is 3$/,
  );
  await assert.rejects(
    serveAll(federation, { start: { data: new Float64Array(4), nRows: 2, nColumns: 2 } }),
    /^UsageError: the setting\sstart must hold .* = \(3, 3\) centroids, found \(2, 2\)$/,
  );
});
