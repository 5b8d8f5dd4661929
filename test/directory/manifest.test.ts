import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { enterInManifest, readManifest, writeManifest } from "#src/directory/manifest.js";
import { temporaryName } from "#src/files/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

const filesIn = (directory: string) => [...readManifest(directory)!.keys()];

test("a manifest lists no file in the making: this process's own is removed, another's is left", (context) => {
  const directory = temporaryFolder(context);
  const own = temporaryName(join(directory, "a.npy"));
  const other = own.replace(/\d+\.tmp$/, `${process.ppid}.tmp`);
  for (const path of [own, other, join(directory, "b.json")]) writeFileSync(path, "1");
  writeManifest(directory, new Map());
  assert.deepEqual(filesIn(directory), ["b.json"]);
  assert.deepEqual([existsSync(own), existsSync(other)], [false, true]);
});

test("what is made inside a directory is entered in its manifest in order, and taken out when it is gone", (context) => {
  const folder = temporaryFolder(context);
  const directory = join(folder, "e");
  mkdirSync(join(directory, "c_frames", "deep"), { recursive: true });
  for (const file of ["b", "d"]) writeFileSync(join(directory, file), file);
  enterInManifest(directory, [join(directory, "b")]);
  assert.equal(readManifest(directory), null, "where there is none, none is made");
  writeManifest(directory, new Map());
  for (const file of ["a.mp4", "c_frames/1", "c_frames/deep/2"]) writeFileSync(join(directory, file), file);
  writeFileSync(join(folder, "outside.mp4"), "");
  const made = ["c_frames", "a.mp4", "../outside.mp4"].map((item) => join(directory, item));
  enterInManifest(directory, made);
  assert.deepEqual(filesIn(directory), ["a.mp4", "b", "c_frames/1", "c_frames/deep/2", "d"]);
  assert.equal(readManifest(directory)!.get("a.mp4")!.size, 5);
  rmSync(join(directory, "c_frames"), { recursive: true });
  enterInManifest(directory, made);
  assert.deepEqual(filesIn(directory), ["a.mp4", "b", "d"]);
});
