import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as fk from "#src/index.js";
import { choiceContent, reproductionContent, sweepContent } from "#src/notebook/output/contents.js";
import { sweep as coreSweep } from "#src/study/sweep.js";
import { temporaryFolder } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");

/** The SVG document of the one picture in an output. */
function pictureIn(html: string): string {
  const found = [
    ...html.matchAll(/<img alt="[^"]+" src="data:image\/svg\+xml;base64,([^"]+)" style="[^"]+">/g),
  ];
  assert.equal(found.length, 1);
  return Buffer.from(found[0][1], "base64").toString();
}

test("a sweep in a cell takes loaded data, as settings and in the grid, in the grid's order", async (t) => {
  const penguins = await fk.load(PENGUINS, { labelColumn: "species" });
  const settings = { kGlobal: 3 };
  const expected = await coreSweep(
    { ...settings, data: PENGUINS, labelColumn: "species" },
    { algorithm: ["lloyd", "central"] },
    { seeds: 2, threads: 1 },
  );
  const options = { seeds: 2, threads: 2 };
  const one = await fk.sweep({ ...settings, data: penguins }, { algorithm: ["lloyd", "central"] }, options);
  assert.deepEqual(one, expected);
  assert.equal(typeof one.runs[0].adjustedRandIndex, "number");

  const numbers = await fk.generate({ outputDir: join(temporaryFolder(t), "generated") });
  const grid = { algorithm: ["lloyd", "central"], data: [numbers] } as const;
  const other = await fk.sweep(settings, grid, options);
  assert.deepEqual(
    other.summary.map(({ keys, nFailed }) => [Object.keys(keys), keys.data, nFailed]),
    [
      [["algorithm", "data"], numbers.path, 0],
      [["algorithm", "data"], numbers.path, 0],
    ],
  );
  await assert.rejects(
    fk.sweep(settings, { data: [penguins, numbers] }),
    /^UsageError: the grid's data must all be read in the same way/,
  );
});

test("a sweep is shown as its summary, what failed and the plot", async () => {
  const result = await fk.sweep(
    { data: PENGUINS, labelColumn: "species" },
    { kGlobal: [3, 1000] },
    { seeds: 2 },
  );
  const { html, text } = sweepContent(result);
  for (const form of [html!, text]) {
    assert.match(form, /adjusted Rand index/);
    assert.match(form, /2 of 2/);
    assert.match(form, /failed: kGlobal 1000: .*1000 clusters/);
  }
  assert.equal(pictureIn(html!), result.svg);
  assert.match(result.svg, /^<svg .* by kGlobal</s);
});

test("a choice of k is shown as its table, the verdict and the plot", async () => {
  const penguins = await fk.load(PENGUINS, { labelColumn: "species" });
  const choice = await fk.chooseK({ data: penguins }, { kValues: [2, 3, 4], seeds: 2 });
  const { html, text } = choiceContent(choice);
  for (const form of [html!, text]) {
    assert.ok(form.includes(choice.verdict));
    assert.match(form, /agreement of seeds/);
    for (const { inertia } of choice.scores)
      assert.ok(form.includes(String(Number(inertia.mean.toPrecision(5)))));
  }
  assert.equal(pictureIn(html!), choice.svg);
});

test("the study's comparison is shown as its table, what it misses, and the plot", () => {
  const spread = (mean: number) => ({ n: 2, mean, sd: 0.01, low: mean, high: mean });
  const published = { mean: 0.7, sd: 0.1 };
  const cell = {
    name: "beta0.1_ppc50_noise1",
    data: "",
    beta: 0.1,
    pointsPerCluster: 50,
    noise: 1,
    fkm: [published, published, published],
    central: published,
    kFed: published,
  };
  const { html, text } = reproductionContent({
    kind: "reproduction",
    cells: [
      {
        cell,
        fkm: [0.71, 0.7, 0.5].map(spread),
        central: spread(0.7),
        kFed: spread(0.7),
        bestLloyd: spread(0.7),
        kFedLocal: 8,
        missed: ["fkm after round 100: found 0.5000, against 0.7000"],
      },
    ],
    runs: [],
    isGenerated: false,
    svg: "<svg/>",
    runsDone: 0,
    seconds: 1,
    cpuSeconds: 1,
    load: [0, 0],
    output: null,
  });
  for (const form of [html!, text]) {
    assert.match(form, /0\.7100 \+0\.0100/);
    assert.match(form, /beta0\.1_ppc50_noise1: fkm after round 100: found 0\.5000/);
  }
  assert.equal(pictureIn(html!), "<svg/>");
});

test("studies in a cell stop when they are aborted, and say what is wrong in a line", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const stopping = {
    seeds: 500,
    threads: 1,
    signal: controller.signal,
    onProgress: (done: number) => done >= 2 && controller.abort(reason),
  };
  let furthest = 0;
  await assert.rejects(
    fk.sweep(
      { data: PENGUINS },
      { kGlobal: [3] },
      {
        ...stopping,
        onProgress: (done) => {
          furthest = done;
          stopping.onProgress(done);
        },
      },
    ),
    reason,
  );
  assert.ok(furthest < 500);
  await assert.rejects(fk.chooseK({ data: PENGUINS }, { signal: controller.signal }), reason);
  await assert.rejects(
    fk.chooseK({ data: PENGUINS }, { kValues: [3] }),
    /^UsageError: kValues must be at least two increasing integers/,
  );
  await assert.rejects(fk.reproduce({ reference: "nowhere" }), /^UsageError: nowhere does not hold the data/);
  const private_ = { privacy: "dp" } as object;
  await assert.rejects(fk.reproduce(private_), /^UsageError: unknown option privacy of reproduce/);
});

test("a misspelt option of a study is refused, and the one that was meant is named", async () => {
  const refuses = (study: Promise<unknown>, message: string) =>
    assert.rejects(study, { name: "UsageError", message });
  await refuses(
    fk.sweep({ data: "x" }, {}, { seed: 3 } as fk.SweepOptions),
    "unknown option seed of sweep: did you mean seeds?",
  );
  await refuses(
    fk.chooseK({ data: "x" }, { kvalues: [2] } as fk.ChooseKOptions),
    "unknown option kvalues of chooseK: did you mean kValues?",
  );
});
