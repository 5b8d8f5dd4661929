import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { jupyterKernels } from "./prepare-tests.mjs";
import { runStep, skipStep } from "./run-tests.mjs";
import { ROOT } from "./setup.mjs";

/* The tests on other versions of Node: the oldest that is promised, and the newest of each line that is maintained. */

const VERSIONS = ["20.15.0", "22", "24"];

/**
 * Runs tests on each version, in place: what is compiled is the same for all, and so is canvas, which is built on
 * Node-API.
 *
 * @param {string[]} files as `testFiles` gives them
 */
export async function testOnNodes(files) {
  for (const version of VERSIONS) {
    const node = install(version);
    if (node === null) {
      skipStep(`Node ${version}`, "it could not be installed");
      continue;
    }
    const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
    const path = `${dirname(node)}${delimiter}${process.env.PATH}`;
    const env = { PATH: path, ...jupyterKernels(node, `jupyter-node-${version}`) };
    await runStep(`Node ${stdout.trim().slice(1)}`, files, { env, node });
  }
}

/**
 * @param {string} version of Node: the newest that begins so
 * @returns {string | null} path of its program, kept in node_modules/.cache/node
 */
function install(version) {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const folder = join(ROOT, "node_modules", ".cache", "node", version);
  const program = process.platform === "win32" ? "node.exe" : "node";
  const node = join(folder, "node_modules", name, "bin", program);
  if (!existsSync(node)) {
    console.log(`Installing Node ${version} (npm install ${name}) ...`);
    const options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    spawnSync("npm", ["install", "--prefix", folder, ...options, `${name}@${version}`], {
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    });
  }
  return existsSync(node) ? node : null;
}
