import assert from "node:assert/strict";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encodeVideo } from "#src/encode/ffmpeg.js";
import { temporaryFolder } from "../support/temporary.js";

async function* pictures(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(4 * 16 * 16);
}

for (const [signal, message] of [
  [2, "interrupted"],
  [15, "interrupted"],
  [null, "cannot make OUTPUT: ffmpeg failed: Unknown encoder "],
] as const) {
  test(`where ffmpeg ends by ${signal === null ? "itself, its reason is told" : `signal ${signal}, that is an interrupt`}`, async (t) => {
    const folder = temporaryFolder(t);
    const program = join(folder, "ffmpeg");
    // What ffmpeg says.
    const said = signal === null ? "Unknown encoder" : `Exiting normally, received signal ${signal}.`;
    writeFileSync(program, `#!/bin/sh\nhead -c 1000 > /dev/null\necho "${said}" >&2\nexit 255\n`);
    chmodSync(program, 0o755);
    const output = join(folder, "v.mp4");
    const encoding = {
      ffmpeg: program,
      output,
      format: "mp4",
      width: 16,
      height: 16,
      fps: 2,
      title: null,
    } as const;
    await assert.rejects(
      encodeVideo({ ...encoding, palette: new Uint8Array(1024) }, pictures(), new AbortController().signal),
      { name: "RunError", message: message.replace("OUTPUT", output) },
    );
    assert.deepEqual(readdirSync(folder), ["ffmpeg"]);
  });
}
