import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./setup.mjs";
import { compileAfresh, npmPack, stagePackage } from "./staged-package.mjs";

/*
 * npm run pack [-- --destination DIR]
 *
 * Makes fedkmeans-VERSION.tgz and fedkmeans-viz-VERSION.tgz, each with all it depends on, so that they install where
 * there is no registry. The second one has programs of this machine's kind in it, and installs on that kind only.
 */

const { values } = parseArgs({ options: { destination: { type: "string", default: ROOT } } });
const destination = resolve(values.destination);

compileAfresh();
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
  const staged = stagePackage(folder, stage, more);
  const file = npmPack(staged, destination);
  rmSync(staged, { recursive: true });
  return file;
}
