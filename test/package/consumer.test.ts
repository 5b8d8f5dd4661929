import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { filesOf, json } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

const ROOT = process.cwd();

const PROGRAM = `
import * as fk from "fedkmeans";
import { RunError } from "fedkmeans/directory";

async function main(): Promise<void> {
  const rounds: number[] = [];
  const result: fk.RunResult = await fk.run(
    { data: process.argv[2], labelColumn: "species", kGlobal: 3, carrier: "threads", logDir: "logs" },
    { onEvent: (event: fk.RunEvent) => { if (event.type === "round") rounds.push(event.round.round); } },
  );
  const ari: number | null = result.metrics.adjustedRandIndex;
  const hash: string = fk.verify(result.experimentDir).runHash;
  console.log(JSON.stringify([ari !== null && ari > 0.5, hash === result.runHash, rounds.length === result.rounds + 1, RunError === fk.RunError]));
}
void main().catch((error) => {
  console.error(error instanceof fk.UsageError, error instanceof RunError, error);
  process.exitCode = 1;
});
`;

/** Resolves the way TypeScript did before package exports, which is what notebooks do. */
const CLASSIC = {
  compilerOptions: {
    module: "commonjs",
    moduleResolution: "node10",
    target: "es2022",
    lib: ["es2022"],
    types: ["node"],
    typeRoots: [join(ROOT, "node_modules", "@types")],
    strict: true,
    skipLibCheck: false,
    ignoreDeprecations: "5.0",
  },
  files: ["program.ts"],
};

test("what npm packs compiles and runs for a consumer that resolves modules the classic way", (context) => {
  const folder = temporaryFolder(context);
  const packed = execFileSync(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--offline", "--pack-destination", folder],
    { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  );
  const [{ filename }] = JSON.parse(packed);
  const modules = join(folder, "node_modules");
  const installed = join(modules, "fedkmeans");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", installed]);

  const files = filesOf(installed);
  assert.equal(
    files.filter(
      (file) =>
        !/^(dist\/|flower\/.*\.(py|toml|sh|md)$|data\/penguins\/\w+\.csv$|((docs|data|viz)\/)?[\w-]+\.md$|viz\/example\.png$|docs\/pictures\/privacy\.svg$|LICENSE$|CITATION\.cff$|package\.json$)/.test(
          file,
        ),
    ).length,
    0,
  );
  const { main, types, bin, dependencies } = json(installed, "package.json");
  for (const file of [main, types, bin.fedkmeans, "dist/jupyter/execute.py"])
    assert.ok(files.includes(file), file);

  // Only what the package itself asks for, as an installation would have it.
  for (const name of Object.keys(dependencies))
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  writeFileSync(join(folder, "program.ts"), PROGRAM);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(CLASSIC));
  // The newest TypeScript that still resolves so; the API reference is made with it.
  const tsc = join(ROOT, "docs", "node_modules", "typescript", "bin", "tsc");
  const compiled = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  assert.equal(compiled.stdout + compiled.stderr, "");

  const run = spawnSync(process.execPath, ["program.js", join(ROOT, "data", "penguins")], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(run.stderr, "");
  assert.equal(run.stdout, "[true,true,true,true]\n");
  assert.equal(readdirSync(join(folder, "logs")).length, 1);

  const command = spawnSync(process.execPath, [join(installed, bin.fedkmeans), "--version"], {
    encoding: "utf8",
  });
  assert.equal(command.stdout, `${json(ROOT, "package.json").version}\n`);
});
