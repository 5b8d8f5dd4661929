import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenClients, paceOf } from "#src/options/chosen.js";
import { settle, type VideoOptions } from "#src/options.js";
import { sampleExperiment } from "../support/sample.js";

const UNITED = "The Royal Infirmary of Edinburgh and its Outpatient Clinics";

function errorOf(call: () => unknown): string {
  try {
    call();
    return "";
  } catch (error) {
    return String(error);
  }
}

test("clients are chosen by name, in client order, also those with commas in their names", () => {
  const experiment = sampleExperiment({ nClients: 4 });
  const [first, ...others] = experiment.clients;
  const named = { ...experiment, clients: [{ ...first, name: "Basel, Children" }, ...others] };
  assert.equal(chosenClients(named, null), null);
  assert.deepEqual(chosenClients(named, "client 3, Basel, Children"), ["Basel, Children", "client 3"]);
  assert.deepEqual(chosenClients(named, [UNITED, "Basel, Children"]), ["Basel, Children", UNITED]);
  assert.throws(() => chosenClients(experiment, "client 0,Basel"), {
    name: "UsageError",
    message: `client "Basel" asked for, but logs/experiment_20251107_160054 has client 0, ${UNITED}, client 2, client 3`,
  });
  assert.throws(() => chosenClients(experiment, []), { name: "UsageError" });
  assert.throws(() => chosenClients(sampleExperiment({ nClients: 200 }), "x"), /client 19 and 180 more$/);
});

test("a video of still pictures is as long as asked for, all of them equally long, the last a bit longer", () => {
  const pace = (nFrames: number, options: VideoOptions) => paceOf(settle(options), nFrames);
  for (const [nFrames, seconds] of [
    [30, 10],
    [3, 7],
    [1, 5],
    [300, 10],
    [2, 19],
  ]) {
    const { fps, extra } = pace(nFrames, { seconds });
    assert.ok(Math.abs((nFrames + extra) / fps - seconds) < 1e-9, `${nFrames} in ${seconds} s`);
    // To the nearest picture.
    assert.ok(extra === 0 || (extra + 0.5) / fps <= 2);
  }
  assert.ok(Math.abs((1 + pace(30, { seconds: 10 }).extra) / pace(30, { seconds: 10 }).fps - 2) < 0.2);
  assert.throws(
    () => pace(300, { seconds: 3 }),
    /^UsageError: seconds must be from 7 to 3000 for 300 pictures/,
  );
  assert.throws(() => pace(3, { seconds: 100 }), /seconds must be from 0.1 to 30 for 3 pictures, found 100/);
  for (const n of [1, 3, 60, 181, 300]) {
    const isAllowed = (seconds: number) => errorOf(() => pace(n, { seconds })) === "";
    const least = [...Array(90).keys()].map((i) => (i + 1) / 10).find(isAllowed)!;
    const said = errorOf(() => pace(n, { seconds: 0.001 }));
    assert.ok(said.includes(`from ${least} to`), `${n}: ${least}, ${said}`);
  }
  assert.deepEqual(pace(30, {}), { fps: 2, extra: 3 });
  assert.deepEqual(pace(30, { smooth: true }), { fps: 30, extra: 0 });
});
