import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, setUp } from "./setup.mjs";

/*
 * npm run pack [-- --destination DIR]
 *
 * Makes fedkmeans-VERSION.tgz and fedkmeans-viz-VERSION.tgz, each with all it depends on, so that they install where
 * there is no registry. The second one has programs of this machine's kind in it, and installs on that kind only.
 */

const { values } = parseArgs({ options: { destination: { type: "string", default: ROOT } } });
const destination = resolve(values.destination);

// Compiled afresh: what an earlier source left behind is not to be packed.
for (const folder of [ROOT, join(ROOT, "viz")])
  rmSync(join(folder, "dist"), { recursive: true, force: true });
setUp();
mkdirSync(destination, { recursive: true });
const stage = mkdtempSync(join(tmpdir(), "fedkmeans-pack-"));
try {
  const platform = `${process.platform} ${process.arch}`;
  say(pack(ROOT), "any system that Node 20.15 or later runs on");
  say(pack(join(ROOT, "viz"), { os: [process.platform], cpu: [process.arch] }), `${platform} only`);
} finally {
  rmSync(stage, { recursive: true, force: true });
}

function say(file, systems) {
  console.log(`${file}  ${(statSync(file).size / 2 ** 20).toFixed(1)} MB, ${systems}`);
}

/**
 * Packs a package as npm would, with its dependencies.
 *
 * @param {string} folder of the package
 * @param {object} more fields of its package.json
 * @returns {string} path of the archive
 */
function pack(folder, more = {}) {
  const packed = npmPack(folder, stage);
  execFileSync("tar", ["-xzf", packed, "-C", stage]);
  const staged = join(stage, "package");
  const { devDependencies, scripts, workspaces, allowScripts, ...manifest } = readManifest(staged);
  const dependencies = new Map();
  for (const name of Object.keys(manifest.dependencies)) addDependency(name, folder, dependencies);
  for (const [name, from] of dependencies) copyDependency(name, from, join(staged, "node_modules", name));
  writeManifest(staged, { ...manifest, ...more, bundleDependencies: [...dependencies.keys()].sort() });
  const file = npmPack(staged, destination);
  rmSync(staged, { recursive: true });
  return file;
}

/** @returns {string} path of the archive that npm makes */
function npmPack(folder, into) {
  const args = ["pack", "--json", "--ignore-scripts", "--offline", "--pack-destination", into];
  const told = execFileSync("npm", args, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return join(into, JSON.parse(told)[0].filename);
}

/** Notes where a dependency is installed, and then its own. What is optional and not for this machine is not there. */
function addDependency(name, user, found) {
  const from = installedFor(name, user);
  const known = found.get(name);
  if (known === from) return;
  if (known !== undefined) throw new Error(`${name} is needed in two versions, ${known} and ${from}`);
  found.set(name, from);
  const { dependencies, optionalDependencies } = needs(name, readManifest(from));
  for (const one of Object.keys(dependencies)) addDependency(one, from, found);
  for (const one of Object.keys(optionalDependencies)) {
    if (installedFor(one, from) !== null) addDependency(one, from, found);
  }
}

/** Folder of a package as Node finds it from another's; null where it is not installed. */
function installedFor(name, user) {
  for (let folder = user; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (folder === dirname(folder)) return null;
  }
}

/** What a package needs once it is installed. canvas needs others to find or build its program, which comes with it. */
function needs(name, { dependencies = {}, optionalDependencies = {} }) {
  return name === "canvas"
    ? { dependencies: {}, optionalDependencies: {} }
    : { dependencies, optionalDependencies };
}

/** Without scripts, as nothing is left to be built, and without the list of files, which does not know what was built. */
function copyDependency(name, from, to) {
  cpSync(from, to, { recursive: true, filter: (path) => isNeeded(name, path.slice(from.length)) });
  const { scripts, devDependencies, files, ...manifest } = readManifest(from);
  const { dependencies, optionalDependencies } = needs(name, manifest);
  const present = Object.entries(optionalDependencies).filter(([one]) => installedFor(one, from) !== null);
  writeManifest(to, { ...manifest, dependencies, optionalDependencies: Object.fromEntries(present) });
}

/** Of canvas neither its sources nor the recipe, which npm would follow, but the program and the libraries beside it. */
function isNeeded(name, path) {
  const [, first, second, third] = path.split(sep);
  if (first === "node_modules") return false;
  if (name !== "canvas") return true;
  if (first === "build")
    return second === undefined || (second === "Release" && !/^(\.|obj)/.test(third ?? ""));
  return first !== "src" && first !== "binding.gyp";
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function writeManifest(folder, manifest) {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
