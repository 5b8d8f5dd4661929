import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { temporaryName } from "fedkmeans/directory";
import { renderFrame, renderVideo, visualize } from "#src/index.js";
import { writeExperiment } from "../support/directory.js";
import { probe, skipWithoutFfprobe } from "../support/ffprobe.js";
import { temporaryFolder } from "../support/temporary.js";

const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
const SMALL = { size: "640x360" } as const;

/** A video, and what it shows in words. */
const besides = (video: string) => {
  const stem = video.slice(0, video.lastIndexOf("."));
  return [video, `${stem}.txt`, ...(video.endsWith(".gif") ? [] : [`${stem}.vtt`])];
};

const CODECS = { mp4: ["h264", "yuv420p"], webm: ["vp9", "yuv420p"], gif: ["gif", "bgra"] } as const;

for (const [format, [codec_name, pix_fmt]] of Object.entries(CODECS)) {
  test(`.${format}: three frames a round at the size and rate asked for, the last held 2 s`, {
    skip: skipWithoutFfprobe,
  }, async (t) => {
    const folder = temporaryFolder(t);
    const output = join(folder, `video.${format}`);
    const { nFrames, seconds } = await visualize(writeExperiment(join(folder, "e")), {
      ...SMALL,
      output,
      cleanup: true,
    });
    assert.deepEqual([nFrames, seconds], [9, 6]);
    const expected = {
      codec_name,
      pix_fmt,
      width: 640,
      height: 360,
      avg_frame_rate: "2/1",
      nFrames: 12,
      duration: 6,
    };
    assert.deepEqual(probe(output), expected);
    assert.deepEqual(readdirSync(folder).sort(), ["e", ...besides(`video.${format}`)].sort());
  });
}

test("an .mp4 can be played while it loads: its index comes before its pictures", async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, "video.mp4");
  await visualize(writeExperiment(join(folder, "e")), { ...SMALL, output, cleanup: true });
  const bytes = readFileSync(output);
  assert.ok(bytes.indexOf("moov") < bytes.indexOf("mdat"));
});

test("--smooth is 30 frames a second", { skip: skipWithoutFfprobe }, async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, "video.mp4");
  const directory = writeExperiment(join(folder, "e"), { nRounds: 1 });
  const { nFrames } = await visualize(directory, { size: "640x360", output, smooth: true, cleanup: true });
  const found = probe(output);
  assert.equal(found.avg_frame_rate, "30/1");
  assert.equal(found.nFrames, nFrames);
  assert.ok(nFrames > 60);
});

test("the same directory gives the same frames and video again, for any number of workers", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"), { nRounds: 9 });
  const hashes = new Set<string>();
  for (const [name, workers] of [
    ["a", 1],
    ["c", 2],
    ["d", 3],
  ] as const) {
    const output = join(folder, `${name}.mp4`);
    const { framesFolder } = await visualize(directory, { ...SMALL, output, workers });
    const frames = readdirSync(framesFolder!).map((file) => `${file} ${sha256(join(framesFolder!, file))}`);
    hashes.add([sha256(output), ...frames].join());
  }
  assert.equal(hashes.size, 1);
});

test("frame files are named by round and view, and those of an earlier video are gone", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "video_frames"));
  writeFileSync(join(folder, "video_frames", "round_099_1_local.png"), "");
  writeFileSync(join(folder, "video_frames", "round_001_1_local.png.tmp"), "");
  writeFileSync(join(folder, "video_frames", "mine.png"), "");
  const { framesFolder, video } = await visualize(writeExperiment(join(folder, "e")), {
    ...SMALL,
    output: join(folder, "video.mp4"),
    framesOnly: true,
    rounds: "1-1",
  });
  assert.equal(video, null);
  assert.equal(framesFolder, join(folder, "video_frames"));
  const names = [
    "mine.png",
    "round_001_1_local.png",
    "round_001_2_aggregation.png",
    "round_001_3_global.png",
  ];
  assert.deepEqual(readdirSync(framesFolder!).sort(), names);
  assert.ok(!existsSync(join(folder, "video.mp4")));
});

test("an aborted video leaves nothing behind", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"), { nRounds: 9 });
  for (const workers of [1, 2]) {
    const controller = new AbortController();
    const onProgress = (done: number) => done === 3 && controller.abort(new Error("enough"));
    await assert.rejects(
      visualize(
        directory,
        { ...SMALL, output: join(folder, "video.mp4"), workers },
        { signal: controller.signal, onProgress },
      ),
      /enough/,
    );
    assert.deepEqual(readdirSync(folder), ["e"]);
  }
});

test("an output that cannot be is told by its path before anything is drawn", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"));
  mkdirSync(join(folder, "video.mp4"));
  writeFileSync(join(folder, "file"), "");
  const tooLong = `${"x".repeat(260)}.mp4`;
  for (const [output, message] of [
    ["video.mp4", /^cannot write .*video\.mp4: it is a folder$/],
    [join("file", "a.mp4"), /^cannot write to .*file: .*/],
    ["/proc/a.mp4", /^cannot write \/proc\/a\.mp4: ENOENT.*/],
    [tooLong, /^cannot write .*xxx\.mp4: ENAMETOOLONG/],
  ] as const) {
    if (output.startsWith("/proc") && !existsSync("/proc")) continue;
    let drawn = 0;
    const hooks = { onProgress: () => drawn++ };
    const options = { ...SMALL, output: resolve(folder, output), cleanup: true };
    await assert.rejects(visualize(directory, options, hooks), { name: "RunError", message });
    assert.equal(drawn, 0);
  }
  assert.deepEqual(readdirSync(folder).sort(), ["e", "file", "video.mp4"]);
});

test("an output's name is a file's, whatever else it could be read as", async (t) => {
  const folder = temporaryFolder(t);
  writeExperiment(join(folder, "e"), { nRounds: 1 });
  const names = [
    "12:30.mp4",
    "-y.mp4",
    "a%03d.gif",
    "pipe:1.mp4",
    "concat:a|b.mp4",
    "file:a.mp4",
    "l:3/it's.mp4",
  ];
  const before = process.cwd();
  process.chdir(folder);
  t.after(() => process.chdir(before));
  for (const output of names) {
    const { video } = await visualize("e", { size: "640x360", output, cleanup: true });
    assert.equal(video, output);
    assert.ok(statSync(join(folder, output)).size > 1000, output);
  }
  const { framesFolder } = await visualize("e", { size: "640x360", output: "f:g.mp4", framesOnly: true });
  assert.equal(framesFolder, "f:g_frames");
  assert.equal(readdirSync("f:g_frames").length, 3);
  const made = ["f:g_frames", "e", "l:3", ...names.slice(0, -1).flatMap(besides)];
  assert.deepEqual(readdirSync(folder).sort(), made.sort());
});

test("what a killed process of this place left beside a video is removed by the next, and nothing else", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"), { nRounds: 1 });
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  const [, here] = /\.([0-9a-f]{8})\.\d+\.tmp$/.exec(temporaryName("a"))!;
  const leftover = (place: string, pid: number) => `.fedkmeans-viz.1.${place}.${pid}.tmp`;
  const kept = [leftover("00000000", dead), leftover(here, process.ppid), ".a.tmp"];
  for (const name of [leftover(here, dead), ...kept]) writeFileSync(join(folder, name), "");
  await visualize(directory, { size: "640x360", output: join(folder, "video.mp4"), cleanup: true });
  assert.deepEqual(readdirSync(folder).sort(), [...kept, "e", ...besides("video.mp4")].sort());
});

test("renderFrame gives the frame file's picture, by default of the last round's global view", async (t) => {
  const folder = temporaryFolder(t);
  const directory = writeExperiment(join(folder, "e"));
  const png = await renderFrame(directory, { size: { width: 640, height: 360 } });
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [640, 360]);
  assert.deepEqual(png, await renderFrame(directory, { ...SMALL, round: 2, view: "global" }));
  assert.notDeepEqual(png, await renderFrame(directory, { ...SMALL, round: 2, view: "local" }));
  await assert.rejects(renderFrame(directory, { round: 7 }), /round 7 asked for, but .* has rounds 0 to 2/);
  await assert.rejects(renderFrame(directory, { view: "top" as "local" }), /view must be .* found "top"/);
});

test("renderVideo gives the video's path and keeps no frames", async (t) => {
  const folder = temporaryFolder(t);
  const output = join(folder, "deep", "video.webm");
  assert.equal(
    await renderVideo(writeExperiment(join(folder, "e")), { ...SMALL, output, rounds: "2" }),
    output,
  );
  assert.deepEqual(readdirSync(join(folder, "deep")).sort(), besides("video.webm").sort());
});
