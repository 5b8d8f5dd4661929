import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { FLAVOURS, type Flavour } from "#src/jupyter/kernelspec.js";
import { readNotebook } from "#src/jupyter/notebook-file.js";
import { notebookOf, ROOT } from "../support/jupyter.js";
import { Jupyter, type OpenNotebook, skipWithoutLab } from "../support/jupyterlab.js";
import { removedAfter } from "../support/temporary.js";

let jupyter: Jupyter | undefined;
const folder = removedAfter(after);
before(async () => {
  if (FLAVOURS.some((flavour) => skipWithoutLab(flavour) === false)) jupyter = await Jupyter.start(folder);
});
after(() => jupyter?.stop());

const QUICKSTART = readNotebook(join(ROOT, "notebooks", "01-quickstart.ipynb"));
const IMAGES = `[...document.querySelectorAll(".jp-OutputArea-output img")]`;
/** A picture that is broken has no width. */
const ARE_IMAGES_SEEN = `${IMAGES}.length >= 3 && ${IMAGES}.every((image) => image.complete && image.naturalWidth > 0)`;

/** A run that goes on until it is interrupted. */
const ENDLESS = [
  'import * as fk from "fedkmeans";\nconst keep = 42;',
  "const data = await fk.generate({ overlapFactor: 1, samplesPerClient: 4000, numFeatures: 8 });",
  "await fk.watch({ data, kGlobal: 20, groupSize: 1, tolerance: 0, maxIterations: 1000000, localIterations: 3, weighted: false });",
];

const PROCESS = "console.log(process.pid);";

/** Notes what the cell shows while it runs. */
const OBSERVE = `(window.live = { pictures: new Set(), heights: new Set(), most: 0 },
  new MutationObserver(() => {
    const { node } = code[2].outputArea;
    const images = [...node.querySelectorAll("img")];
    live.most = Math.max(live.most, code[2].model.outputs.length, images.length);
    for (const image of images) {
      live.pictures.add(image.src);
      if (image.complete) live.heights.add(image.getBoundingClientRect().height);
    }
  }).observe(code[2].outputArea.node, { childList: true, subtree: true }))`;

for (const flavour of FLAVOURS) {
  const skip = skipWithoutLab(flavour);

  for (const app of ["lab", "notebook"] as const) {
    test(`${flavour} in ${app}: the quickstart runs to its end, and all that it shows can be seen`, {
      skip,
    }, async (t) => {
      const own = await jupyter!.ownComplaints(t, app);
      const path = `${app}-${flavour}/notebooks/01.ipynb`;
      jupyter!.write(path, flavour, QUICKSTART);
      const notebook = await jupyter!.open(t, path, app);
      // Before it has run it is not trusted, as a notebook that somebody else has sent.
      await notebook.until(ARE_IMAGES_SEEN);
      await notebook.runAll();
      await notebook.until(ARE_IMAGES_SEEN);
      await notebook.evaluate(`document.querySelector("video").play()`);
      await notebook.until(`document.querySelector("video").readyState >= 2`);
      await notebook.until(`document.querySelector("video").currentTime > 0.1`);
      assert.match(await notebook.answer("console.log(result.runHash)"), /^[0-9a-f]{64}\n$/);
      assert.deepEqual(
        notebook.complaints.filter((complaint) => !own.has(complaint)),
        [],
      );
    });
  }

  test(`${flavour} in lab: a run is one output that changes in place; an interrupt stops it, and what was declared stays`, {
    skip,
  }, async (t) => {
    const path = `live-${flavour}/nb.ipynb`;
    jupyter!.write(path, flavour, notebookOf(ENDLESS));
    const notebook = await jupyter!.open(t, path);
    for (const cell of [0, 1]) {
      await notebook.start(cell);
      await notebook.untilRun(cell);
    }
    await notebook.evaluate(OBSERVE);
    await notebook.start(2);
    await notebook.until("live.pictures.size >= 5");
    const most = await notebook.evaluate("live.most");
    await notebook.page.click(`[data-command="notebook:interrupt-kernel"]`);
    await notebook.untilRun(2);
    assert.equal(most, 1);
    // A page that jumped would have others.
    assert.equal(await notebook.evaluate("live.heights.size"), 1);
    // tslab ends the cell before the run has stopped.
    await notebook.until(
      `code[2].outputArea.node.querySelector('img[alt^="interrupted · stopped after round"]')`,
    );
    assert.equal(await notebook.answer("console.log(keep)"), "42\n");

    const process = await notebook.answer(PROCESS);
    await notebook.evaluate(`session.statusChanged.connect((_, status) => {
      if (status === "restarting") window.hasRestarted = true;
    })`);
    await notebook.page.click(`[data-command="notebook:restart-kernel"]`);
    await notebook.page.click(".jp-Dialog .jp-mod-accept");
    await notebook.until("window.hasRestarted");
    await notebook.untilIdle();
    assert.notEqual(await notebook.answer(PROCESS), process);
    await notebook.start(0);
    await notebook.untilRun(0);
    assert.equal(await notebook.answer("console.log(keep)"), "42\n");
  });

  test(`${flavour} in lab: Tab completes names`, { skip }, async (t) => {
    const notebook = await open(t, flavour);
    await notebook.type("fk.wat");
    await notebook.page.keyboard.press("Tab");
    await notebook.page.waitForSelector(".jp-Completer-item");
    await notebook.page.keyboard.press("Enter");
    await notebook.until(`notebook.activeCell.model.sharedModel.source === "fk.watch"`);
  });
}

test("tslab in lab: Tab completes paths, and Shift+Tab describes a function and its settings", {
  skip: skipWithoutLab("tslab"),
}, async (t) => {
  const notebook = await open(t, "tslab");
  const own = await jupyter!.ownComplaints(t, "lab");
  await notebook.type('fk.load("n');
  await notebook.page.keyboard.press("Tab");
  await notebook.page.waitForSelector(".jp-Completer-item");
  await notebook.page.keyboard.press("Enter");
  await notebook.until(`notebook.activeCell.model.sharedModel.source === 'fk.load("nb.ipynb'`);
  await notebook.type("await fk.run({ ");
  await notebook.page.keyboard.press("Shift+Tab");
  const help = await notebook.page.locator(".jp-Tooltip").textContent();
  assert.match(help!, /@returns .*@throws .*@example.*settings\n.* kGlobal +Number of clusters/s);
  assert.deepEqual(
    notebook.complaints.filter((complaint) => !own.has(complaint)),
    [],
  );
});

let opened = 0;

/** A notebook that has imported fedkmeans. */
async function open(t: TestContext, flavour: Flavour): Promise<OpenNotebook> {
  const path = `help-${opened++}/nb.ipynb`;
  jupyter!.write(path, flavour, notebookOf(['import * as fk from "fedkmeans";']));
  const notebook = await jupyter!.open(t, path);
  await notebook.runAll();
  return notebook;
}
