import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { temporaryFolder } from "../support/temporary.js";

const ROOT = process.cwd();
const RUN_HASH = "fbd3b6a450b1137cee81165d1efcb4b571c0884385eb390dfe075c194316a6a9";

const PROGRAM = `
const fk = require("fedkmeans");
const { UsageError } = require("fedkmeans/directory");
fk.run({ data: "data/penguins", labelColumn: "species", logDir: "logs/program" }).then(async (result) => {
  const { png } = await fk.frame(result, { round: 1, size: "640x360" });
  const refused = await fk.run({ data: "data/penguins", kGlobal: 0 }).catch((error) => error);
  console.log(result.runHash, png.length > 1000, refused instanceof UsageError);
});
`;

let packed = "";
before(() => {
  packed = mkdtempSync(join(tmpdir(), "fedkmeans-test-"));
  execFileSync(process.execPath, ["scripts/pack.mjs", "--destination", packed], { stdio: "ignore" });
});
after(() => rmSync(packed, { recursive: true, force: true }));

test("the packages install in an empty folder without a registry, and run and draw there", (context) => {
  const folder = temporaryFolder(context);
  const cache = temporaryFolder(context);
  const archives = readdirSync(packed).sort();
  assert.equal(archives.length, 2);
  assert.match(archives.join(" "), /^fedkmeans-[\d.]+\.tgz fedkmeans-viz-[\d.]+\.tgz$/);

  const { FFMPEG_PATH, ...inherited } = process.env;
  const env = { ...inherited, npm_config_cache: cache, npm_config_offline: "true" };
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: folder, encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
  // The first does without the second.
  for (const archive of archives) {
    run("npm", "install", "--no-audit", "--no-fund", join(packed, archive));
    assert.match(run("npx", "fedkmeans", "--version"), /^[\d.]+\n$/);
  }
  assert.deepEqual(
    readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith(".")),
    ["fedkmeans", "fedkmeans-viz"],
  );

  run("npx", "fedkmeans", "generate", "--num-clients", "4", "--output-dir", "blobs");
  run("npx", "fedkmeans", "run", "--data", "blobs", "--label-column", "y");
  mkdirSync(join(folder, "data"));
  const penguins = join(folder, "node_modules", "fedkmeans", "data", "penguins");
  cpSync(penguins, join(folder, "data", "penguins"), { recursive: true });
  const report = run("npx", "fedkmeans", "run", "--data", "data/penguins", "--label-column", "species");
  const directory = report.trimEnd().split("\n").at(-1)!;
  assert.match(run("npx", "fedkmeans", "verify", directory), new RegExp(`run hash ${RUN_HASH}`));
  const size = ["--size", "640x360", "--cleanup", "--output", "video.mp4"];
  run("npx", "visualize", "--experiment-dir", directory, ...size);
  assert.ok(statSync(join(folder, "video.mp4")).size > 1000);

  writeFileSync(join(folder, "program.cjs"), PROGRAM);
  assert.equal(run(process.execPath, "program.cjs"), `${RUN_HASH} true true\n`);
});

test("no path of the machine that packed them is in the packages", () => {
  for (const archive of readdirSync(packed)) {
    const text = execFileSync(
      "tar",
      ["-xzOf", join(packed, archive), "--wildcards", "*.json", "*.js", "*.ts", "*.md"],
      {
        encoding: "latin1",
        maxBuffer: 2 ** 28,
      },
    );
    assert.ok(!text.includes(ROOT), archive);
    const names = execFileSync("tar", ["-tzf", join(packed, archive)], { encoding: "utf8" });
    assert.doesNotMatch(names, /\.deps|obj\.target|tsbuildinfo/);
    assert.match(names, /^package\/LICENSE$/m);
  }
});
