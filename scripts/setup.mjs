import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/* Installs what is missing and builds what is stale, and says so. Needs nothing but Node and npm. */

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const CLI = join(ROOT, "dist", "cli", "main.js");
export const VISUALIZE = join(ROOT, "viz", "bin", "visualize.js");

/** What the canvas package is compiled against where no binary of it fits this machine. */
const CANVAS_PACKAGES = [
  ...["libcairo2-dev", "libpango1.0-dev", "libjpeg-dev", "libgif-dev", "librsvg2-dev"],
  ...["pkg-config", "python3", "make", "g++"],
];
const CANVAS = join(ROOT, "node_modules", "canvas", "build", "Release", "canvas.node");

/** Installs the npm packages unless they are those of package-lock.json, and compiles unless that is done. */
export function setUp() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 15)) {
    fail(`Node 20.15 or later is needed, found ${process.versions.node}.`);
  }
  const installed = join(ROOT, "node_modules", ".package-lock.json");
  if (
    !existsSync(installed) ||
    statSync(installed).mtimeMs < statSync(join(ROOT, "package-lock.json")).mtimeMs
  ) {
    setUpCanvasHeaders();
    console.log("Installing the npm packages of package-lock.json (npm install) ...");
    // Not `npm ci`: it refuses a lock file without the binaries of platforms that a registry does not serve.
    npm("install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error");
  }
  if (!existsSync(CANVAS)) {
    setUpCanvasHeaders();
    console.log("Building canvas, which draws the pictures (npm rebuild) ...");
    npm("rebuild", "canvas", "--loglevel=error");
  }
  if (isStale(ROOT) || isStale(join(ROOT, "viz")) || kernelsAreStale()) {
    console.log("Compiling (tsc) ...");
    npm("run", "--silent", "build");
    // The compiler leaves a file as it is whose text stays the same.
    const now = new Date();
    for (const folder of [ROOT, join(ROOT, "viz")]) utimesSync(join(folder, "dist", "index.js"), now, now);
  }
}

/** Compiles the tests, against what `setUp` has compiled; quick where nothing has changed. */
export function setUpTests() {
  npm("run", "--silent", "build:tests");
}

/**
 * Installs Debian packages that the tests compare with, if Python cannot import what they bring.
 *
 * @param {string[]} packages names of Debian packages
 * @param {string} modules what Python must be able to import
 */
export function setUpPython(packages, modules) {
  const python = process.env.PYTHON ?? "/usr/bin/python3";
  const works = () => spawnSync(python, ["-c", `import ${modules}`], { stdio: "ignore" }).status === 0;
  if (works()) return;
  aptInstall(packages);
  if (!works()) {
    console.log(`Without ${packages.join(", ")} the tests that compare with them are skipped.`);
  }
}

/** Debian's headers for canvas, where it is yet to be built; elsewhere npm finds a binary of it or says what it needs. */
function setUpCanvasHeaders() {
  const has = (name) =>
    spawnSync("dpkg-query", ["--status", name], { encoding: "utf8" }).stdout.includes("install ok installed");
  if (existsSync(CANVAS) || spawnSync("dpkg-query", ["--version"], { stdio: "ignore" }).status !== 0) return;
  const missing = CANVAS_PACKAGES.filter((name) => !has(name));
  if (missing.length > 0) aptInstall(missing);
}

/** Says so, and goes on without them if it cannot. */
export function aptInstall(packages) {
  console.log(`Installing ${packages.join(", ")} (apt-get) ...`);
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, "apt-get", "-qq", ...args];
    return spawnSync(command, rest, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  };
  apt("update");
  apt("install", "-y", "--no-install-recommends", ...packages);
}

/** @param {string} message */
export function fail(message) {
  console.error(message);
  process.exit(1);
}

function npm(...args) {
  const { status } = spawnSync("npm", args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) fail(`npm ${args[0]} has failed, as it says above.`);
}

/** Whether a package has changed since it was compiled. */
function isStale(folder) {
  const compiled = join(folder, "dist");
  if (!existsSync(join(compiled, "index.js"))) return true;
  return newest(join(folder, "src")) > newest(compiled);
}

/** Whether the kernels have changed since they were compiled: TypeScript's compiler leaves them as they are. */
function kernelsAreStale() {
  const kernels = join("numerics", "kernels");
  const compiled = join(ROOT, "dist", kernels, "memory", "kernels.wasm");
  return !existsSync(compiled) || newest(join(ROOT, "src", kernels)) > statSync(compiled).mtimeMs;
}

/** Time of the latest change below some folders. */
function newest(...folders) {
  let latest = 0;
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (entry.isFile())
        latest = Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
    }
  }
  return latest;
}
