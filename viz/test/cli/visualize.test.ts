import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { optionName, settle, settlePage, type VideoOptions } from "#src/options.js";
import { writeExperiment } from "../support/directory.js";
import { temporaryFolder } from "../support/temporary.js";

const PROGRAM: string = join(process.cwd(), "viz", "bin", "visualize.js");

/** Runs the command; `stderr` without the progress that a slow machine is shown. */
function visualize(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): { status: number | null; stdout: string; stderr: string } {
  const result = spawnSync(process.execPath, [PROGRAM, ...args], { cwd, env, encoding: "utf8" });
  return { ...result, stderr: result.stderr.replaceAll(/^\d+ of \d+ frames\n/gm, "") };
}

test("makes a video beside its frames and says in one line where they are", (t) => {
  const folder = temporaryFolder(t);
  writeExperiment(join(folder, "e"), { nRounds: 1 });
  const { status, stdout, stderr } = visualize(folder, ["--experiment-dir", "e", "--size", "640x360"]);
  assert.deepEqual([status, stderr], [0, ""]);
  assert.equal(stdout, "federated_kmeans.mp4 (3 frames, 3.0 s); frames in federated_kmeans_frames/\n");
  assert.deepEqual(readdirSync(folder).sort(), [
    "e",
    "federated_kmeans.mp4",
    "federated_kmeans.txt",
    "federated_kmeans.vtt",
    "federated_kmeans_frames",
  ]);
});

const WRONG: [options: VideoOptions, message: RegExp][] = [
  [{ fps: "fast" as unknown as number }, /^--fps must be a number from 0.1 to 60, found "fast"$/],
  [{ fps: 0 }, /^--fps must be a number from 0.1 to 60, found 0$/],
  [{ fps: 60, output: "a.gif" }, /^--fps must be a number from 0.1 to 50 for a GIF, found 60$/],
  [{ size: "641x360" }, /^--size must be WIDTHxHEIGHT, even numbers .*, found "641x360"$/],
  [{ size: "320x180" }, /^--size must be .* from 640x360 or 360x640 to .*, found "320x180"$/],
  [{ size: "360x360" }, /^--size must be .*, found "360x360"$/],
  [{ size: "big" }, /^--size must be WIDTHxHEIGHT, .*, found "big"$/],
  [{ size: "32000x18000" }, /^--size must be .* to 7680x4320, found "32000x18000"$/],
  [{ theme: "pink" as "light" }, /^--theme must be light or dark, found "pink"$/],
  [{ rounds: "5-2" }, /^--rounds must be a range such as 0-10, or one number, found "5-2"$/],
  [{ workers: 1.5 }, /^--workers must be an integer from 1 to 64, found 1.5$/],
  [
    { output: "a.avi" },
    /^--output must be a file that ends in \.mp4, \.webm, \.gif, \.html, found "a\.avi"$/,
  ],
  [
    { format: "ogg" as "mp4" },
    /^--format must be one of mp4, webm, gif, html, or of frames png, svg, pdf, found "ogg"$/,
  ],
  [{ format: "svg" }, /^--format svg is one of frames: add --frames-only$/],
  [{ output: "a.gif", format: "mp4" }, /^--format must be the output's, gif, found "mp4"$/],
  [{ views: "local,both" }, /^--views must be of local, aggregation, global, found "local,both"$/],
  [{ views: [] }, /^--views must be of .*, found \[\]$/],
  [{ views: "local", smooth: true }, /^--views is of still pictures, not of --smooth: choose one$/],
  [
    { seconds: "long" as unknown as number },
    /^--seconds must be a number above 0, up to 3600, found "long"$/,
  ],
  [{ seconds: 0 }, /^--seconds must be a number above 0/],
  [{ seconds: 9, fps: 2 }, /^--seconds says how long pictures stay, and so does --fps: choose one$/],
  [{ seconds: 9, framesOnly: true }, /^--seconds is of a video, and there is none with --frames-only/],
  [{ title: "two\nlines" }, /^--title must be a line of at most 200 characters, found "two\\nlines"$/],
  [{ title: " " }, /^--title must be a line/],
  [{ scale: "log" as "original" }, /^--scale must be clustered or original, found "log"$/],
  [{ clients: 3 as unknown as string }, /^--clients must be names of clients, found 3$/],
  [{ framesOnly: true, cleanup: true }, /^--frames-only and --cleanup leave nothing/],
];

const WRONG_FOR_PAGES: [options: VideoOptions, message: RegExp][] = [
  [{ output: "a.html", fps: 3 }, /^--fps means nothing to a page: leave it out$/],
  [{ output: "a.HTML", framesOnly: true }, /^--frames-only means nothing to a page/],
  [{ format: "html", size: "640x360" }, /^--size means nothing to a page/],
  [{ output: "a.html", format: "mp4" }, /^--format must be the output's, html, found "mp4"$/],
  [{ output: "a.html", theme: "pink" as "dark" }, /^--theme must be light or dark, found "pink"$/],
  [{ output: "a.html", rounds: "x" }, /^--rounds must be a range .*, found "x"$/],
];

test("so is an option that means nothing to a page", () => {
  for (const [options, message] of WRONG_FOR_PAGES)
    assert.throws(() => settlePage(options, optionName), { name: "UsageError", message });
  assert.equal(settlePage({ output: "a.mp4" }), null);
  assert.throws(() => settle({ output: "a.mp4", format: "html" }), { name: "UsageError" });
});

test("an option that means nothing to a figure is refused where nothing else is asked for", () => {
  for (const [options, message] of [
    [
      { poster: "a.pdf", smooth: true },
      /^--smooth means nothing to --poster: leave it out, or name a video by --output$/,
    ],
    [{ diagnostics: "a.svg", size: "640x360" }, /^--size means nothing to --diagnostics/],
    [{ poster: "a.pdf", rounds: "1-2" }, /^--rounds means nothing to --poster/],
    [{ poster: "a.pdf", fps: 3 }, /^--fps means nothing to --poster/],
  ] as const) {
    assert.throws(() => settle(options, optionName), { name: "UsageError", message });
    assert.ok(!settle({ ...options, output: "a.mp4" }).arePagesOnly);
  }
  assert.throws(
    () => settle({ poster: "a.pdf", diagnostics: "./a.pdf" }, optionName),
    /^UsageError: --poster and --diagnostics are one file/,
  );
  assert.ok(settle({ poster: "a.pdf", diagnostics: "b.png", theme: "dark", title: "x" }).arePagesOnly);
});

test("a wrong value is refused by the option's name, with what was expected and found", () => {
  for (const [options, message] of WRONG)
    assert.throws(() => settle(options, optionName), { name: "UsageError", message });
});

test("a picture is 1920x1080 where no size is asked for, and may be upright", () => {
  const sizeOf = (size?: string) => {
    const { width, height } = settle(size === undefined ? {} : { size });
    return `${width}x${height}`;
  };
  for (const [size, expected] of [
    [undefined, "1920x1080"],
    ["360x640", "360x640"],
    ["4320x7680", "4320x7680"],
  ]) {
    assert.equal(sizeOf(size), expected);
  }
});

test("wrong usage is one line and exit code 2, and nothing is written", (t) => {
  const folder = temporaryFolder(t);
  writeExperiment(join(folder, "e"), { nRounds: 1 });
  for (const [args, message] of [
    [[], /required option '--experiment-dir <DIR>' not specified/],
    [["--experiment-dir", "e", "--fps", "fast"], /--fps must be a number from 0.1 to 60, found "fast"/],
    [["--experiment-dir", "e", "--rounds", "9"], /round 9 asked for, but e has rounds 0 to 0/],
    [
      ["--experiment-dir", "e", "--clients", "Dream,Adelie"],
      /client "Adelie" asked for, but e has Biscoe, Dream/,
    ],
    [
      ["--experiment-dir", "e", "--scale", "original"],
      /scale original asked for, but of e what undoes the stand/,
    ],
    [
      ["--experiment-dir", "e", "--seconds", "0.01"],
      /seconds must be from 0.1 to 30 for 3 pictures, found 0.01/,
    ],
    [["--experiment-dir", "e", "--speed", "2"], /unknown option '--speed'/],
  ] as const) {
    const { status, stderr } = visualize(folder, args);
    assert.match(stderr, message);
    assert.deepEqual([status, stderr.trimEnd().split("\n").length], [2, 1], args.join(" "));
  }
  assert.deepEqual(readdirSync(folder), ["e"]);
});

test("frames are written as vectors, with the words of what they show", (t) => {
  const folder = temporaryFolder(t);
  writeExperiment(join(folder, "e"), { nRounds: 1 });
  const args = ["--experiment-dir", "e", "--frames-only", "--format", "svg", "--output", "v.mp4"];
  const { status, stdout, stderr } = visualize(folder, args);
  assert.deepEqual([status, stdout, stderr], [0, "3 frames in v_frames/\n", ""]);
  const files = readdirSync(join(folder, "v_frames")).sort();
  assert.deepEqual(files, ["round_000_1_local.svg", "round_000_2_aggregation.svg", "round_000_3_global.svg"]);
  const svg = readFileSync(join(folder, "v_frames", files[1]), "utf8");
  assert.match(
    svg,
    /^<svg .*<title>Round 0 of 0, aggregation<\/title>\n<desc>2 clients, 3 clusters, fkm\. /s,
  );
});

test("only the pictures asked for are made, and the video is as long as asked for", (t) => {
  const folder = temporaryFolder(t);
  writeExperiment(join(folder, "e"), { nRounds: 2 });
  const { status, stdout, stderr } = visualize(folder, [
    ...["--experiment-dir", "e", "--size", "640x360", "--views", "global, local", "--seconds", "5"],
    ...["--clients", "Dream", "--title", "Penguins & islands"],
  ]);
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^federated_kmeans\.mp4 \(4 frames, 5\.0 s\)/);
  assert.deepEqual(readdirSync(join(folder, "federated_kmeans_frames")).sort(), [
    "round_000_1_local.png",
    "round_000_3_global.png",
    "round_001_1_local.png",
    "round_001_3_global.png",
  ]);
  const video = readFileSync(join(folder, "federated_kmeans.mp4"));
  // The movie header: type, version, two dates, units a second, and length in these units.
  const header = video.indexOf("mvhd");
  assert.equal(Math.round(video.readUInt32BE(header + 20) / video.readUInt32BE(header + 16)), 5);
  assert.ok(video.includes("Penguins & islands"));
});

test("a directory that cannot be drawn ends with exit code 1 and one line", (t) => {
  const { status, stderr } = visualize(temporaryFolder(t), ["--experiment-dir", "none"]);
  assert.deepEqual([status, stderr], [1, "visualize: none: no such directory\n"]);
});

test("an aborted run is drawn, with one line that says so", (t) => {
  const folder = temporaryFolder(t);
  writeExperiment(join(folder, "e"), { nRounds: 1, status: "aborted", reason: "interrupted" });
  const { status, stderr } = visualize(folder, [
    "--experiment-dir",
    "e",
    "--size",
    "640x360",
    "--frames-only",
  ]);
  assert.deepEqual(
    [status, stderr],
    [0, "visualize: The run was aborted: drawn up to round 0 (interrupted)\n"],
  );
});

test("without any ffmpeg, frames are made and one line says what to install", (t) => {
  const folder = temporaryFolder(t);
  writeExperiment(join(folder, "e"), { nRounds: 1 });
  const preload = join(folder, "without-ffmpeg.cjs");
  writeFileSync(
    preload,
    `const Module = require("node:module"); const resolve = Module._resolveFilename;
     Module._resolveFilename = (name, ...rest) => {
       if (name.startsWith("@ffmpeg-installer/")) throw new Error("not installed");
       return resolve(name, ...rest);
     };`,
  );
  const env = { ...process.env, PATH: folder, FFMPEG_PATH: "", NODE_OPTIONS: `--require ${preload}` };
  const { status, stdout, stderr } = visualize(
    folder,
    ["--experiment-dir", "e", "--size", "640x360", "--cleanup"],
    env,
  );
  assert.match(
    stderr,
    /^visualize: ffmpeg is not installed: apt-get install ffmpeg, or name .* FFMPEG_PATH\n$/,
  );
  assert.deepEqual([status, stdout], [1, "3 frames in federated_kmeans_frames/\n"]);
  assert.equal(readdirSync(join(folder, "federated_kmeans_frames")).length, 3);
});

test("FFMPEG_PATH is used, and refused where it names no program", (t) => {
  const folder = temporaryFolder(t);
  writeExperiment(join(folder, "e"), { nRounds: 1 });
  const args = ["--experiment-dir", "e", "--size", "640x360"];
  const missing = visualize(folder, args, { ...process.env, FFMPEG_PATH: join(folder, "none") });
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /^visualize: FFMPEG_PATH: a program expected, found ".*none"\n$/);

  const broken = join(folder, "broken-ffmpeg");
  writeFileSync(broken, "#!/bin/sh\necho 'No space' >&2\nexit 1\n");
  chmodSync(broken, 0o755);
  const failed = visualize(folder, args, { ...process.env, FFMPEG_PATH: broken });
  assert.equal(failed.status, 1);
  assert.match(
    failed.stderr,
    /^visualize: cannot make federated_kmeans\.mp4: ffmpeg failed: .*No space.*\n$/,
  );
  assert.deepEqual(readdirSync(folder).sort(), ["broken-ffmpeg", "e"]);
});

test("an ffmpeg that says nothing is told by how it ended, and one that writes nothing has made no video", {
  skip: process.platform === "win32" && "programs of a shell",
}, (t) => {
  const folder = temporaryFolder(t);
  writeExperiment(join(folder, "e"), { nRounds: 1 });
  const program = join(folder, "silent-ffmpeg");
  for (const [script, reason] of [
    ["exit 3", "ffmpeg failed: it exited with code 3 and said nothing"],
    ["kill -9 $$", "ffmpeg failed: it was killed with signal SIGKILL and said nothing"],
    ["exit 0", "ffmpeg ended without a word and wrote nothing"],
    ["cat > /dev/null", "ffmpeg ended without a word and wrote nothing"],
  ]) {
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
    const { status, stderr } = visualize(folder, ["--experiment-dir", "e", "--size", "640x360"], {
      ...process.env,
      FFMPEG_PATH: program,
    });
    assert.deepEqual([status, stderr], [1, `visualize: cannot make federated_kmeans.mp4: ${reason}\n`]);
    assert.deepEqual(readdirSync(folder).sort(), ["e", "silent-ffmpeg"]);
  }
});

test("below a folder in which nothing can be made the command ends at once, for frames as for a video", {
  skip: !existsSync("/proc/self") && "no such folder here",
}, (t) => {
  const folder = temporaryFolder(t);
  writeExperiment(join(folder, "e"), { nRounds: 1 });
  for (const more of [[], ["--frames-only"]]) {
    const args = ["--experiment-dir", "e", "--output", "/proc/none/a/b.mp4", ...more];
    const { status, stderr } = visualize(folder, args);
    assert.equal(status, 1);
    assert.match(stderr, /^visualize: cannot write to \/proc\/none\/a\/b_frames: ENOENT.*\n$/);
  }
});

test("names in letters that the typeface lacks are noted, and none that it has", (t) => {
  const folder = temporaryFolder(t);
  const args = ["--experiment-dir", "e", "--size", "640x360", "--frames-only"];
  writeExperiment(join(folder, "e"), { nRounds: 1, clients: ["Hôpital Łódź", "Клиника", "Κλινική"] });
  assert.equal(visualize(folder, args).stderr, "");
  rmSync(join(folder, "e"), { recursive: true });
  writeExperiment(join(folder, "e"), { nRounds: 1, clients: ["Oslo", "大阪", "عيادة"] });
  for (const what of [args, ["--experiment-dir", "e", "--poster", "p.svg"]]) {
    assert.equal(
      visualize(folder, what).stderr,
      'visualize: "大阪" and 1 more name: drawn in this machine\'s fonts, as Inter lacks some letters; pictures may differ elsewhere\n',
    );
  }
});

test("Ctrl-C ends ffmpeg and the threads and leaves nothing behind", async (t) => {
  const folder = temporaryFolder(t);
  writeExperiment(join(folder, "e"), { nRounds: 30 });
  mkdirSync(join(folder, "out"));
  const args = [
    "--experiment-dir",
    "e",
    "--smooth",
    "--output",
    join(folder, "out/video.mp4"),
    "--workers",
    "2",
  ];
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  await once(child.stderr, "data");
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  assert.equal(code, 1);
  assert.match(stderr, /visualize: interrupted\n$/);
  assert.deepEqual(readdirSync(join(folder, "out")), []);
  assert.ok(!spawnSync("ps", ["-eo", "args"], { encoding: "utf8" }).stdout.includes(folder));
});
