import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { ROOT, setUp } from "./setup.mjs";

/* A package as it is released: what npm would pack of it, and all it depends on. */

/** Compiles both packages afresh: what an earlier source left behind is not to be packed. */
export function compileAfresh() {
  for (const folder of [ROOT, join(ROOT, "viz")])
    rmSync(join(folder, "dist"), { recursive: true, force: true });
  setUp();
}

/**
 * Copies what npm would pack of a package, with its dependencies in node_modules.
 *
 * @param {string} folder of the package
 * @param {string} stage an empty folder
 * @param {object} more fields of its package.json
 * @returns {string} the copy, a folder in `stage`
 */
export function stagePackage(folder, stage, more = {}) {
  const packed = npmPack(folder, stage);
  execFileSync("tar", ["-xzf", packed, "-C", stage]);
  rmSync(packed);
  const staged = join(stage, "package");
  const { devDependencies, scripts, workspaces, allowScripts, ...manifest } = readManifest(staged);
  const dependencies = new Map();
  for (const name of Object.keys(manifest.dependencies)) addDependency(name, folder, dependencies);
  for (const [name, from] of dependencies) copyDependency(name, from, join(staged, "node_modules", name));
  writeManifest(staged, { ...manifest, ...more, bundleDependencies: [...dependencies.keys()].sort() });
  return staged;
}

/** @returns {string} path of the archive that npm makes */
export function npmPack(folder, into) {
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

/** @returns {object} what package.json says */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function writeManifest(folder, manifest) {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
