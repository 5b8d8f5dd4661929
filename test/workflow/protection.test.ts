import assert from "node:assert/strict";
import { test } from "node:test";
import { snakeCase } from "#src/casing.js";
import { RunError, theSetting } from "#src/errors.js";
import { SETTING_NAMES, SETTINGS } from "#src/experiment/settings.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import { groupsPolicy, type Policy, PRIVACY_MODES, thresholdPolicy } from "#src/privacy/policy.js";
import { agree } from "#src/workflow/agreement.js";
import { handshakeRequest, readHandshake } from "#src/workflow/handshake.js";
import type { Message } from "#src/workflow/message.js";
import {
  describeProtection,
  hasGroups,
  PROTECTIONS,
  type Protection,
  protectionScalars,
  ROWS,
  readProtection,
} from "#src/workflow/protection.js";
import { labelledClients } from "../support/clients.js";
import { EVERY_RUN, eventsOf, requestsOf, serveInline } from "../support/federation.js";

const groups = (groupSize: number): Protection => ({ mode: "groups", groupSize, privacyThreshold: 1 });
const threshold = (privacyThreshold: number): Protection => ({
  mode: "threshold",
  groupSize: 1,
  privacyThreshold,
});

test("a protection goes through a message and back, and is called by the settings that say it", () => {
  for (const protection of [groups(7), threshold(3), ROWS]) {
    const scalars = protectionScalars(protection);
    assert.deepEqual(readProtection({ kind: "handshake", arrays: {}, scalars }), protection);
  }
  assert.deepEqual([groups(2), ROWS, threshold(9)].map(hasGroups), [true, false, false]);
  assert.equal(describeProtection(groups(5)), `${theSetting("groupSize")} 5`);
  const named = `${theSetting("privacy")} threshold, ${theSetting("privacyThreshold")} 2`;
  assert.equal(describeProtection(threshold(2)), named);
});

test("the modes that messages name are those that owners of rows choose from", () => {
  assert.deepEqual(PROTECTIONS, PRIVACY_MODES);
});

/** Client b of `labelledClients` under a policy. */
const clientOf = (policy: Policy) => labelledClients(3, policy)[1];

test("a client refuses a run of another mode by name, whichever is the stricter", () => {
  for (const [policy, wanted] of [
    [groupsPolicy(5), threshold(50)],
    [groupsPolicy(1), threshold(2)],
    [thresholdPolicy(2), groups(50)],
    [thresholdPolicy(2), ROWS],
  ] as const) {
    const own = policy.mode === "groups" ? groups(policy.groupSize) : threshold(policy.privacyThreshold);
    assert.throws(
      () => clientOf(policy).answer(handshakeRequest(wanted)),
      (error) =>
        error instanceof RunError &&
        error.message ===
          `it holds to ${describeProtection(own)}, the run wants ${describeProtection(wanted)}`,
    );
  }
});

test("a server refuses clients of different modes, by name", () => {
  const told = (policy: Policy, wanted: Protection) =>
    readHandshake(clientOf(policy).answer(handshakeRequest(wanted)));
  const one = { ...told(groupsPolicy(5), groups(5)), name: "a" };
  const other = { ...told(thresholdPolicy(3), threshold(2)), name: "b" };
  assert.throws(
    () => agree([one, { ...one, name: "c" }, other], 2),
    (error) =>
      error instanceof RunError &&
      error.message ===
        `clients differ in their protection: ${describeProtection(groups(5))} at a; ` +
          `${describeProtection(threshold(3))} at b`,
  );
  // Of one mode each may be as strict as it likes; the run has the least of all.
  const stricter = { ...told(groupsPolicy(9), groups(5)), name: "b" };
  assert.deepEqual(agree([stricter, one], 2).protection, groups(5));
});

test("in a run each client holds to the stricter of its own and the server's number, and says so", async () => {
  const run = async (own: Policy, protection: Protection) => {
    const clients = labelledClients(3, own);
    const [{ agreement }] = eventsOf(
      await serveInline(clients, { k: 2, protection, privacyThreshold: protection.privacyThreshold }),
      "handshake",
    );
    return agreement.clients.map((client) => client.protection);
  };
  assert.deepEqual(await run(groupsPolicy(5), groups(3)), Array(3).fill(groups(5)));
  assert.deepEqual(await run(groupsPolicy(3), groups(5)), Array(3).fill(groups(5)));
  assert.deepEqual(await run(thresholdPolicy(2), threshold(4)), Array(3).fill(threshold(4)));
  assert.deepEqual(await run(thresholdPolicy(4), threshold(2)), Array(3).fill(threshold(4)));
});

test("a client that says what cannot be of its points is refused in one line", () => {
  const said = clientOf(groupsPolicy(5)).answer(handshakeRequest(groups(5)));
  for (const [lie, message] of [
    [{ protection: "magic" }, /"protection": expected one of threshold, groups, dp, found "magic"$/],
    [{ group_size: 0 }, /"group_size": expected a count of at least 1, found 0$/],
    [{ least_weight: 4 }, /"least_weight": expected at least 5 rows behind each point, found 4 to \d+$/],
    [{ n_points: 1 }, /"n_samples": expected 1 points of \d+ to \d+ rows, found 30$/],
    [{ n_points: 30 }, /"n_samples": expected 30 points of \d+ to \d+ rows, found 30$/],
    [{ greatest_weight: 1 }, /"least_weight": expected at least 5 rows/],
  ] as const) {
    const reply = { ...said, scalars: { ...said.scalars, ...lie } } as Message;
    assert.throws(
      () => readHandshake(reply),
      (error) => error instanceof RunError && message.test(error.message),
      JSON.stringify(lie),
    );
  }
});

test("no message sets what belongs to a client: its settings, named in a request, change no byte of an answer", async () => {
  const owned = SETTING_NAMES.filter((name) => ["client", "data"].includes(SETTINGS[name].of));
  assert.ok(owned.includes("groupSize") && owned.includes("columns") && owned.includes("missing"));
  const wanting: Record<string, string | number | boolean> = {
    shares_labels: true,
    record: true,
    log_file: "/tmp/elsewhere",
    rows: true,
  };
  for (const name of owned) {
    const setting = SETTINGS[name];
    // Beside the protection itself, which a handshake carries and a client may only take as stricter.
    if (["privacy", "groupSize", "privacyThreshold"].includes(name)) continue;
    wanting[snakeCase(name)] =
      setting.type === "flag" ? true : setting.type === "choice" ? setting.choices[0] : "x";
  }
  for (const [policy, protection] of [
    [{ ...groupsPolicy(5), sharesLabels: false }, groups(5)],
    [{ ...thresholdPolicy(2), sharesLabels: false }, threshold(2)],
  ] as const) {
    const runs = EVERY_RUN.filter(({ asPublished }) => !asPublished);
    for (const options of runs) {
      const asked: Partial<ServerOptions> = { ...options, protection };
      const requests = await requestsOf({ ...asked, privacyThreshold: protection.privacyThreshold });
      const [plain, pressed] = [clientOf(policy), clientOf(policy)];
      for (const request of requests) {
        const pressing = { ...request, scalars: { ...wanting, ...request.scalars } } as Message;
        assert.deepEqual(pressed.answer(pressing), plain.answer(request), request.kind);
      }
    }
  }
});

test("a laxer number in any request changes nothing: a client holds to its own", async () => {
  const requests = await requestsOf({ algorithm: "fkm", protection: threshold(2), privacyThreshold: 2 });
  const [plain, pressed] = [clientOf(thresholdPolicy(8)), clientOf(thresholdPolicy(8))];
  for (const request of requests) {
    const laxer = {
      ...request.scalars,
      ...("privacy_threshold" in request.scalars && { privacy_threshold: 0 }),
    };
    assert.deepEqual(
      pressed.answer({ ...request, scalars: laxer } as Message),
      plain.answer(request),
      request.kind,
    );
  }
  const grouped = await requestsOf({ algorithm: "lloyd", protection: groups(5), privacyThreshold: 1 });
  const [own, asked] = [clientOf(groupsPolicy(5)), clientOf(groupsPolicy(5))];
  for (const request of grouped) {
    const scalars = { ...request.scalars, ...(request.kind === "handshake" && { group_size: 1 }) };
    assert.deepEqual(asked.answer({ ...request, scalars } as Message), own.answer(request), request.kind);
  }
});

test("labels that are not shared leave in no answer: no classes, no counts of any", async () => {
  for (const options of EVERY_RUN.filter(({ asPublished }) => !asPublished)) {
    const requests = await requestsOf({ ...options, protection: groups(5), privacyThreshold: 1 });
    const [shared, kept] = [clientOf(groupsPolicy(5)), clientOf({ ...groupsPolicy(5), sharesLabels: false })];
    for (const request of requests) {
      const [one, other] = [shared.answer(request), kept.answer(request)];
      if (request.kind === "handshake") {
        assert.deepEqual([one.scalars.has_labels, other.scalars.has_labels], [true, false]);
        assert.equal(other.scalars.label_column, "");
      } else if (request.kind === "evaluation/fit") {
        assert.deepEqual([one.scalars.classes, other.scalars.classes], [["x", "y"], []]);
        assert.equal(other.arrays.contingency.data.length, 0);
        // The classes of the clients' 30 rows alternate.
        const k = one.arrays.counts.data.length;
        const ofClass = [0, 1].map((c) => [...one.arrays.contingency.data.subarray(c * k, (c + 1) * k)]);
        assert.deepEqual(
          ofClass.map((counts) => counts.reduce((a, b) => a + b)),
          [15, 15],
        );
        const total = ofClass[0].map((count, c) => count + ofClass[1][c]);
        assert.deepEqual(total, [...one.arrays.counts.data]);
      } else {
        assert.deepEqual(other, one, request.kind);
      }
    }
  }
});
