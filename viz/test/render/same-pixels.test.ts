import assert from "node:assert/strict";
import { test } from "node:test";
import { Painter } from "#src/render/painter.js";
import { writeExperiment } from "../support/directory.js";
import { temporaryFolder } from "../support/temporary.js";

test("a frame has the same pixels whatever was drawn before it", (t) => {
  const directory = writeExperiment(temporaryFolder(t), { nRounds: 2 });
  const job = {
    directory,
    width: 640,
    height: 360,
    theme: "light",
    rounds: null,
    smooth: false,
    fps: 2,
  } as const;
  const open = () => new Painter({ ...job, framesFolder: null, frameFormat: "png" });
  const all = open();
  const inOrder = all.pictures.map((_, index) => all.paint(index));
  for (const [index, pixels] of inOrder.entries()) {
    assert.ok(open().paint(index).equals(pixels), `${all.pictures[index].frame.name} alone`);
    assert.ok(all.paint(index).equals(pixels), `${all.pictures[index].frame.name} again`);
  }
});
