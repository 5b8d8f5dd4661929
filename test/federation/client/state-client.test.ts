import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import { type Client, LocalClient } from "#src/federation/client/client.js";
import { rowsBehind } from "#src/federation/client/points.js";
import { openState } from "#src/federation/client/state-folder.js";
import { serve } from "#src/federation/server.js";
import { groupsPolicy } from "#src/privacy/policy.js";
import type { Message } from "#src/workflow/message.js";
import { EVERY_PHASE } from "../../support/federation.js";
import { drawRows } from "../../support/site.js";
import { partition, stateOf } from "../../support/state.js";
import { temporaryFolder } from "../../support/temporary.js";

const RUN = "run 1";
const LABELS = Array.from({ length: 80 }, (_, i) => "ab"[i % 2]);

/** All that a run comes to, as text, and every reply that leaves. */
async function resultOf(
  clients: readonly Client[],
  groupSize: number,
): Promise<{ events: string; replies: Message[] }> {
  const replies: Message[] = [];
  const overheard = clients.map(({ name, answer }) => ({
    name,
    answer: async (request: Message) => {
      const reply = await answer(request);
      replies.push(reply);
      return reply;
    },
  }));
  const options = { ...EVERY_PHASE, protection: groupsPolicy(groupSize), privacyThreshold: 1 };
  const events: unknown[] = [];
  for await (const event of serve(inlineFederation(overheard), options, {
    signal: new AbortController().signal,
  })) {
    events.push(event);
  }
  return { events: JSON.stringify(events), replies };
}

for (const wanted of [5, 12]) {
  test(`a client that opens its state for each message runs as one that is there all the time, whatever changes: of ${wanted} rows`, async (context) => {
    const folder = temporaryFolder(context);
    const clients = await Promise.all(
      ["a", "b"].map(async (name, i) => {
        const rows = drawRows(30 + i, 80, 3);
        const path = join(folder, name);
        const state = await stateOf(path, partition(rows, ["x", "y", "z"], LABELS));
        const load = () => partition(rows, ["x", "y", "z"], LABELS);
        const points = await state.beginRun(RUN, load, { runGroupSize: wanted });
        const own = await state.beginRun("own", load);
        const identity = { name, featureNames: points.columns, labelColumn: "class" };
        // The server asks it for larger groups at the handshake.
        const stays = new LocalClient(identity, own, groupsPolicy(5));
        const anew = (request: Message) =>
          new LocalClient(identity, openState(path).pointsOf(RUN), groupsPolicy(wanted)).answer(request);
        return { name, rows, path, points, stays, anew };
      }),
    );
    const expected = await resultOf(
      clients.map(({ name, stays }) => ({ name, answer: (request) => stays.answer(request) })),
      wanted,
    );
    assert.match(expected.events, /"n_?[sS]amples":80/);
    let messages = 0;
    const found = await resultOf(
      clients.map(({ name, rows, path, anew }) => ({
        name,
        answer: async (request) => {
          // Between two messages a row leaves, and others come.
          messages += 1;
          const now = [...rows.slice(messages), ...drawRows(40 + messages, 20, 3)];
          await openState(path).update(partition(now, ["x", "y", "z"]), { mayRetireMost: true });
          return anew(request);
        },
      })),
      wanted,
    );
    assert.ok(messages > 10);
    assert.deepEqual(found.replies, expected.replies);
    assert.equal(found.events, expected.events);
    for (const { path, points } of clients) {
      const state = openState(path);
      assert.deepEqual(state.pointsOf(RUN), points);
      const next = await state.beginRun("run 2", () => partition(drawRows(30, 80, 3), ["x", "y", "z"]), {
        mayRetireMost: true,
      });
      assert.notDeepEqual(next.points, points.points);
    }
  });
}

/** Sixty rows of two yes/no columns, of which one is a smoker's. */
const WARD = Array.from({ length: 60 }, (_, i) => [i % 2, i === 7 ? 1 : 0]);
const ward = (rows = WARD) => partition(rows, ["retired", "smoker"]);

test("a run that would prove a rare row does not begin, unless the owner allows it", async (context) => {
  const path = join(temporaryFolder(context), "s");
  const state = await stateOf(path, ward());
  const text = () => readFileSync(join(path, "state.json"), "utf8");
  const before = text();
  const more = ward([...WARD, ...WARD.map(([retired]) => [retired, 0])]);
  for (const [rows, runGroupSize, count] of [
    [ward(), 1, "1 of 60"],
    [ward(), 12, "1 of 60"],
    [more, 1, "1 of 120"],
  ] as const) {
    await assert.rejects(
      state.beginRun(RUN, () => rows, { runGroupSize }),
      {
        name: "RunError",
        message: new RegExp(
          `^${path}: ${count} rows could be proven .*: leave out 1 column with .*dropColumns smoker, in a new state; ` +
            "or accept it with .*allowProven$",
        ),
      },
    );
  }
  assert.equal(text(), before);
  assert.throws(() => state.pointsOf(RUN), /it has not begun here/);
  // In the column that stays, none is rare.
  const withoutSmoker = partition(
    WARD.map(([retired]) => [retired]),
    ["retired"],
  );
  const other = await stateOf(join(path, "..", "other"), withoutSmoker);
  assert.equal((await other.beginRun(RUN, () => withoutSmoker)).points.nColumns, 1);
  const smokers = ward(WARD.map(([retired], i) => [retired, i % 12 === 1 ? 1 : 0]));
  const third = await stateOf(join(path, "..", "third"), smokers);
  // Of five, none is rare among points of five rows, all are among points of twelve.
  await assert.rejects(
    third.beginRun(RUN, () => smokers, { runGroupSize: 12 }),
    /: 5 of 60 rows could be proven/,
  );
  assert.equal(rowsBehind(await third.beginRun(RUN, () => smokers)), 60);
  const allowed = await state.beginRun(RUN, () => ward(), { allowProven: true });
  assert.equal(rowsBehind(allowed), 60);
  // It has begun: it goes on as it is. The next is asked anew, and groups that were used stay.
  assert.deepEqual(await state.beginRun(RUN, () => ward()), allowed);
  await assert.rejects(
    state.beginRun("run 2", () => ward()),
    /^RunError: .*: accept it with .*allowProven, or take part no more$/,
  );
});

test("larger groups do not let a run begin whose rare rows the state's own groups prove", async (context) => {
  const state = await stateOf(join(temporaryFolder(context), "s"), ward());
  // Runs of two such sizes differ by stored groups.
  for (const runGroupSize of [35, 41, 58, 61]) {
    await assert.rejects(
      state.beginRun(`run of ${runGroupSize}`, () => ward(), { runGroupSize }),
      /1 of 60 rows could be proven/,
    );
  }
});

test("a client of too few rows has no points, and stands for no rows", async (context) => {
  const state = await stateOf(join(temporaryFolder(context), "s"), partition(drawRows(33, 4)));
  const points = await state.beginRun(RUN, () => partition(drawRows(33, 4)));
  assert.deepEqual([points.points.nRows, points.weights?.length], [0, 0]);
  const client = new LocalClient(
    { name: "a", featureNames: null, labelColumn: null },
    points,
    groupsPolicy(5),
  );
  assert.equal(client.nSamples, 0);
});
