import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { verify } from "#src/directory/verify.js";
import { open } from "#src/experiment/open.js";
import { resume, run } from "#src/experiment/run.js";
import { assignments, centroids, history, localClusters, messages } from "#src/index.js";
import { type RandomStream, randomStream } from "#src/numerics/random.js";
import { filesOf, generatedFolder } from "../support/experiment.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { temporaryFolder } from "../support/temporary.js";

/** Whatever reads an experiment directory. */
const READERS: Readonly<Record<string, (directory: string) => unknown>> = {
  verify,
  open,
  centroids,
  history,
  localClusters,
  messages,
  assignments,
  resume: (directory) => resume(directory, { data: join(directory, "nowhere") }),
};

/** What a field may be turned into. */
const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 2, 1.5, 1e300, 2 ** 53, "", "x", "../../etc", "constructor", "\u0000"],
  ...[[], [[]], [null], ["x"], [1, 2], {}, { data: null }, { toString: 1 }, { length: -1 }, { name: "x" }],
];

function pick<T>(random: RandomStream, items: readonly T[]): T {
  return items[random.integer(items.length)];
}

/** The same JSON with one value somewhere in it replaced, doubled or gone. */
function mutated(value: unknown, random: RandomStream): unknown {
  if (typeof value !== "object" || value === null || random.uniform() < 0.15) return pick(random, VALUES);
  const keys = Object.keys(value);
  if (keys.length === 0) return pick(random, VALUES);
  const key = pick(random, keys);
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    if (random.uniform() < 0.2) copy.splice(Number(key), 1);
    else if (random.uniform() < 0.1) copy.push(copy[Number(key)]);
    else copy[Number(key)] = mutated(copy[Number(key)], random);
    return copy;
  }
  const { [key]: inner, ...rest } = value as Record<string, unknown>;
  return random.uniform() < 0.2 ? rest : { ...value, [key]: mutated(inner, random) };
}

function mutatedBytes(bytes: Buffer, random: RandomStream): Buffer {
  const copy = Buffer.from(bytes);
  if (random.uniform() < 0.4) return copy.subarray(0, Math.floor(random.uniform() * copy.length));
  for (let i = 0; i < 3 && copy.length > 0; i++) {
    copy[Math.floor(random.uniform() * Math.min(copy.length, 400))] = Math.floor(random.uniform() * 256);
  }
  return copy;
}

/** Changes one file of a directory. @returns what puts it back, and what was done */
function mutate(directory: string, random: RandomStream): { file: string; undo: () => void } {
  const files = filesOf(directory);
  const json = files.filter((file) => file.endsWith(".json") && file !== "manifest.json");
  const file = pick(random, random.uniform() < 0.75 ? json : files);
  const path = join(directory, file);
  const bytes = readFileSync(path);
  if (random.uniform() < 0.05) rmSync(path);
  else if (!file.endsWith(".json") || random.uniform() < 0.1)
    writeFileSync(path, mutatedBytes(bytes, random));
  else writeFileSync(path, JSON.stringify(mutated(JSON.parse(bytes.toString()), random)));
  return { file, undo: () => writeFileSync(path, bytes) };
}

/** A completed run, the same as it was before its end, and the same as another program would have written it. */
async function templates(context: TestContext): Promise<string[]> {
  const data = await generatedFolder(context, { numClients: 2, samplesPerClient: 12, numFeatures: 3 });
  const logDir = temporaryFolder(context);
  const settings = { data, logDir, maxIterations: 1, pcaComponents: 2, carrier: "inline" } as const;
  const { experimentDir } = await run(settings);
  const change = (file: string, edit: (value: Record<string, unknown>) => object, to: string) => {
    const path = join(to, file);
    writeFileSync(path, JSON.stringify(edit(JSON.parse(readFileSync(path, "utf8")))));
  };
  const running = join(logDir, "running");
  cpSync(experimentDir, running, { recursive: true });
  rmSync(join(running, "manifest.json"));
  const begun = ({ manifest: _, ...summary }: object & { manifest?: unknown }) => {
    return { ...summary, status: "running", results: null };
  };
  change("experiment_summary.json", begun, running);
  const foreign = join(logDir, "foreign");
  cpSync(experimentDir, foreign, { recursive: true });
  rmSync(join(foreign, "manifest.json"));
  for (const file of filesOf(foreign).filter((name) => name.endsWith(".json"))) {
    change(file, ({ schema_version: _, arrays: __, manifest: ___, ...rest }) => rest, foreign);
  }
  return [experimentDir, running, foreign];
}

test("whatever is in an experiment directory, its readers say what is wrong in one line, or read it", async (context) => {
  const random = randomStream(FUZZ_SEED, "mutated directories");
  const directories = await templates(context);
  for (const directory of directories) for (const name of ["verify", "open"]) READERS[name](directory);
  let refused = 0;
  for (let n = 0; n < fuzzCases(150); n++) {
    const directory = directories[n % directories.length];
    const { file, undo } = mutate(directory, random);
    const changed = `case ${n} of FUZZ_SEED=${FUZZ_SEED}: ${file}`;
    for (const [name, read] of Object.entries(READERS)) {
      try {
        await read(directory);
      } catch (error) {
        const { message, name: kind } = error as Error;
        assert.match(kind, /^(RunError|UsageError)$/, `${changed}, ${name}: ${(error as Error).stack}`);
        assert.doesNotMatch(message, /\n|undefined|\[object/, `${changed}, ${name}`);
        refused += 1;
      }
    }
    undo();
  }
  assert.ok(refused > fuzzCases(150));
});

test("the reader of pictures refuses what it cannot draw in one line", async (context) => {
  const { readExperiment } = createRequire(join(process.cwd(), "package.json"))(
    join(process.cwd(), "viz/dist/read/read-experiment.js"),
  ) as { readExperiment(directory: string): unknown };
  const random = randomStream(FUZZ_SEED, "mutated directories to draw");
  const directories = await templates(context);
  for (const directory of directories) readExperiment(directory);
  for (let n = 0; n < fuzzCases(150); n++) {
    const directory = directories[n % directories.length];
    const { file, undo } = mutate(directory, random);
    try {
      readExperiment(directory);
    } catch (error) {
      const changed = `case ${n} of FUZZ_SEED=${FUZZ_SEED}: ${file}`;
      assert.equal((error as Error).name, "RunError", `${changed}: ${(error as Error).stack}`);
    }
    undo();
  }
});
