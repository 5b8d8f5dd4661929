import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { visualize } from "#src/index.js";
import { writeExperiment } from "../support/directory.js";
import { temporaryFolder } from "../support/temporary.js";

const SMALL = { size: "640x360", cleanup: true } as const;

test("beside a video are its subtitles and a text that says what it shows", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"), { nRounds: 2 });
  for (const smooth of [false, true]) {
    const output = join(folder, `${smooth}.mp4`);
    const { seconds } = await visualize(directory, { ...SMALL, output, smooth });
    const cues = readFileSync(join(folder, `${smooth}.vtt`), "utf8");
    assert.match(cues, /^WEBVTT\n\n00:00:00\.000 --> /);
    const ends = [...cues.matchAll(/--> 00:(\d\d):(\d\d\.\d{3})$/gm)].map(
      ([, m, s]) => 60 * Number(m) + Number(s),
    );
    assert.ok(Math.abs(ends.at(-1)! - seconds) < 0.002);
    assert.match(
      readFileSync(join(folder, `${smooth}.txt`), "utf8"),
      /^Video of a federated k-means run: .*\n$/,
    );
  }
});

test("a text of somebody else's of that name stays, and the user is told", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"), { nRounds: 1 });
  writeFileSync(join(folder, "video.txt"), "Call Anna.");
  const output = join(folder, "video.mp4");
  const { notes } = await visualize(directory, { ...SMALL, output });
  assert.equal(readFileSync(join(folder, "video.txt"), "utf8"), "Call Anna.");
  assert.ok(notes.some((note) => /^video\.txt was there/.test(note)));
  assert.ok(existsSync(join(folder, "video.vtt")));
  // Its own texts are made anew.
  const again = await visualize(directory, { ...SMALL, output, rounds: "0" });
  assert.deepEqual(again.notes, notes);
});

test("without a video there are no texts, and a text that cannot be is told before anything is drawn", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"), { nRounds: 1 });
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error("enough"));
  const output = join(folder, "video.mp4");
  await assert.rejects(visualize(directory, { ...SMALL, output }, { signal: controller.signal, onProgress }));
  assert.deepEqual(readdirSync(folder), ["e"]);
  mkdirSync(join(folder, "video.vtt"));
  let drawn = 0;
  await assert.rejects(visualize(directory, { ...SMALL, output }, { onProgress: () => drawn++ }), {
    name: "RunError",
    message: /video\.vtt: it is a folder$/,
  });
  assert.equal(drawn, 0);
  assert.deepEqual(readdirSync(folder).sort(), ["e", "video.vtt"]);
});
