import assert from "node:assert/strict";
import { test } from "node:test";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import { inlineSimulation } from "#src/federation/carriers/inline-simulation.js";
import { threadsFederation } from "#src/federation/carriers/threads/federation.js";
import { type ClientSource, openClients } from "#src/federation/client/client-source.js";
import { describeEvent } from "#src/federation/event-line.js";
import type { Federation } from "#src/federation/federation.js";
import { clientNotices, describeNotice } from "#src/workflow/notice.js";
import { clientOver, sourcesOf } from "../support/clients.js";
import { serveAll } from "../support/federation.js";

const SAID: Record<string, string[]> = { a: ["one row left out", "an id"], b: ["an id"], c: ["an id"] };
const SOURCES: ClientSource[] = sourcesOf([null, null, null]).map(({ name, policy, data }) => ({
  name,
  policy,
  data: { ...data, notices: SAID[name] } as ClientSource["data"],
}));

async function noticesOf(federation: Federation): Promise<string[]> {
  try {
    const events = await serveAll(federation);
    assert.equal(events[0].type, "handshake");
    return events.flatMap((event) => (event.type === "notice" ? [describeNotice(event.notice)] : []));
  } finally {
    await federation.close();
  }
}

test("a simulation says once what its clients have to say, inline as on threads", async () => {
  const inline = await openClients(SOURCES);
  const expected = ["client a: one row left out", "an id"];
  assert.deepEqual(await noticesOf(inlineSimulation(inline)), expected);
  assert.deepEqual(await noticesOf(threadsFederation(SOURCES, { threads: 2 })), expected);
});

test("a notice is a line of a run's progress", () => {
  const notice = { from: "server", clients: ["a", "b"], text: "far away" } as const;
  assert.equal(describeEvent({ type: "notice", notice }), "note: clients a, b: far away");
});

test("where clients do not share a machine, what they have to say stays with them", async () => {
  const inline = SOURCES.map(({ name, data }) => clientOver(name, data as never, 2));
  assert.deepEqual(await noticesOf(inlineFederation(inline)), []);
});

test("of very many notices some are shown, and how many are not", () => {
  const texts = new Map(Array.from({ length: 30 }, (_, i) => [`c${i}`, [`${i} rows left out`, "the same"]]));
  const notices = clientNotices(texts).map(describeNotice);
  assert.equal(notices.length, 21);
  assert.deepEqual(notices.slice(0, 2), ["client c0: 0 rows left out", "the same"]);
  assert.equal(notices[20], "11 more notices of clients are in their logs");
  const seven = ["a", "b", "c", "d", "e", "f", "g"];
  assert.equal(
    describeNotice({ from: "server", clients: seven, text: "far away" }),
    "clients a, b, c, d, e and 2 more: far away",
  );
});
