import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writeNpy } from "#src/directory/npy.js";
import { messageOf, nameSettingsInProgram, RunError, UsageError } from "#src/errors.js";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import { chooseK } from "#src/study/choose-k.js";
import { drawRows } from "../support/site.js";
import { temporaryFolder } from "../support/temporary.js";

const BOUNDS = "feature,low,high\nx,-20,20\ny,-20,20\n";

interface Given {
  /** Clients' files by their names; default: two of 40 rows in x and y. */
  readonly data?: Readonly<Record<string, string | Uint8Array>>;
  /** Text of the file of bounds; null: there is none. */
  readonly bounds?: string | null;
  readonly settings?: Partial<Configuration>;
}

const rows = (seed: number, header = "x,y") => [header, ...drawRows(seed, 40).map(String), ""].join("\n");
const two = { "a.csv": rows(1), "b.csv": rows(2) };

function settingsOf(context: TestContext, { data = two, bounds = BOUNDS, settings = {} }: Given) {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, "data"));
  for (const [name, contents] of Object.entries(data)) writeFileSync(join(folder, "data", name), contents);
  const file = join(folder, "bounds.csv");
  if (bounds !== null) writeFileSync(file, bounds);
  return {
    ...{ data: join(folder, "data"), logDir: join(folder, "logs"), carrier: "inline", privacy: "dp" },
    ...{ epsilon: 1, declaredRows: 80, bounds: file, stateDir: join(folder, "states"), ...settings },
  } as Configuration;
}

const npy = (nColumns: number) => {
  const data = Float64Array.from({ length: 20 * nColumns }, (_, i) => (i * i) % 7);
  return writeNpy({ shape: [20, nColumns], data });
};

/** By what is wrong: what is said, of what kind. */
const REFUSED: Record<
  string,
  Given & { readonly kind: typeof UsageError | typeof RunError; readonly says: RegExp }
> = {
  "no epsilon": {
    settings: { epsilon: null },
    kind: UsageError,
    says: /^epsilon is missing: .*, which privacy dp needs$/,
  },
  "no declared rows": {
    settings: { declaredRows: null },
    kind: UsageError,
    says: /^declaredRows is missing/,
  },
  "no bounds": { settings: { bounds: null }, kind: UsageError, says: /^bounds is missing: a CSV file of/ },
  "an epsilon of 0": { settings: { epsilon: 0 }, kind: UsageError, says: /^epsilon must be .*, found 0$/ },
  "an epsilon of NaN": {
    settings: { epsilon: NaN },
    kind: UsageError,
    says: /^epsilon must be .* found NaN$/,
  },
  "an epsilon of 1e9": {
    settings: { epsilon: 1e9 },
    kind: UsageError,
    says: /^epsilon must be .* found 1000000000$/,
  },
  "no rows declared": {
    settings: { declaredRows: 0 },
    kind: UsageError,
    says: /^declaredRows must be an integer of at least 1, found 0$/,
  },
  "a delta of 1 / n": {
    settings: { delta: 0.01, declaredRows: 100 },
    kind: UsageError,
    says: /^delta must be below 1 \/ declaredRows = 0\.01, found 0\.01: else a row could be published outright$/,
  },
  "a limit below epsilon": {
    settings: { epsilonLimit: 0.5 },
    kind: UsageError,
    says: /^epsilonLimit must be at least epsilon, which is 1, found 0\.5$/,
  },
  "another algorithm": {
    settings: { algorithm: "lloyd" },
    kind: UsageError,
    says: /^privacy dp needs algorithm to be dp-lloyd, found lloyd$/,
  },
  "no rounds": {
    settings: { maxIterations: 0 },
    kind: UsageError,
    says: /^maxIterations must be at least 1 with algorithm dp-lloyd, .* found 0$/,
  },
  "rows as they are": {
    settings: { normalize: false },
    kind: UsageError,
    says: /^normalize must be on with privacy dp, whose features are scaled by their bounds$/,
  },
  "no such file of bounds": { bounds: null, kind: UsageError, says: /^bounds .*: cannot be read: ENOENT/ },
  "a folder of bounds": { settings: { bounds: "." }, kind: UsageError, says: /^bounds \.: .* a folder$/ },
  "reversed bounds": {
    bounds: "feature,low,high\nx,20,-20\n",
    kind: UsageError,
    says: /, line 2: low of "x" must be below high, found 20 and -20$/,
  },
  "bounds of NaN": {
    bounds: "feature,low,high\nx,-20,NaN\n",
    kind: UsageError,
    says: /, line 2: high must be a finite number, found "NaN"$/,
  },
  "a bound that is missing": {
    bounds: "feature,low,high\nx,,20\n",
    kind: UsageError,
    says: /, line 2: low must be a finite number, found none$/,
  },
  "a feature with two bounds": {
    bounds: `${BOUNDS}x,0,1\n`,
    kind: UsageError,
    says: /, line 4: "x" has bounds already$/,
  },
  "a column without bounds": {
    settings: { columns: ["x", "z"] },
    kind: UsageError,
    says: /has no bounds of "z", which is one of columns$/,
  },
  "bounds of the label alone": {
    bounds: "feature,low,high\nx,0,1\n",
    settings: { labelColumn: "x" },
    kind: UsageError,
    says: /: bounds of a feature expected, found those of x only$/,
  },
  "bounds of a column that nobody has": {
    bounds: `${BOUNDS}z,0,1\n`,
    kind: RunError,
    says: /cannot take part: .*no column "z"/,
  },
  "fewer columns without names than bounds": {
    data: { "a.npy": npy(3), "b.npy": npy(3) },
    kind: RunError,
    says: /its rows have 3 features without names, bounds are of 2$/,
  },
  "columns chosen by names that there are not": {
    data: { "a.npy": npy(2), "b.npy": npy(2) },
    settings: { columns: ["y", "x"] },
    kind: RunError,
    says: /no column "y": the columns of its array have no names/,
  },
  "a missing cell": {
    data: { ...two, "c.csv": "x,y\n1,\n" },
    kind: RunError,
    says: /line 2, column "y": a missing value; .* missing drop$/,
  },
  "one client": { data: { "a.csv": rows(1) }, kind: UsageError, says: /1 client, minClients is 2$/ },
  "more clusters than declared rows": {
    settings: { kGlobal: 81 },
    kind: RunError,
    says: /^cannot make 81 clusters of 80 rows \(declaredRows\): kGlobal must be at most the number of rows$/,
  },
};

for (const [what, { kind, says, ...given }] of Object.entries(REFUSED)) {
  test(`${what}: refused in one line, with nothing spent and nothing written`, async (context) => {
    const settings = settingsOf(context, given);
    await assert.rejects(run(settings), (error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(nameSettingsInProgram(messageOf(error)), says);
      return true;
    });
    assert.ok(!existsSync(settings.logDir) && !existsSync(settings.stateDir!));
  });
}

test("a choice of k is refused, whose every run would spend, before anything is made", async (context) => {
  const { logDir: _, stateDir, carrier: __, ...settings } = settingsOf(context, {});
  const output = join(temporaryFolder(context), "study");
  const refused = /must be groups or threshold to choose k, found dp/;
  await assert.rejects(chooseK(settings, { kValues: [2, 3], output }), refused);
  assert.ok(!existsSync(output) && !existsSync(stateDir!));
});

test("bounds may be of columns that are left out, and of columns without names, in their order", async (context) => {
  const wide = settingsOf(context, {
    data: { "a.csv": rows(1, "x,species"), "b.csv": rows(2, "x,species") },
    bounds: "feature,low,high\nspecies,0,1\nx,-20,20\nspare,0,1\n",
    settings: { labelColumn: "species", columns: null },
  });
  await assert.rejects(run(wide), /no column "spare"/);
  const dropped = settingsOf(context, { settings: { dropColumns: ["y"], twin: true } });
  assert.deepEqual((await run(dropped)).featureNames, ["x"]);
  const nameless = settingsOf(context, {
    data: { "a.npy": npy(2), "b.csv": drawRows(2, 40).map(String).join("\n") },
    bounds: "feature,low,high\nx,-20,20\ny,0,1\n",
  });
  const { featureNames, finalMeans, notices } = await run(nameless);
  assert.deepEqual(featureNames, ["x", "y"]);
  assert.ok(finalMeans.data.every((value, i) => i % 2 === 0 || (value >= 0 && value <= 1)));
  assert.match(notices.join(), /rows? of 20 outside .*: clipped to them; no server is told/);
});
