import { createRequire } from "node:module";
import { join } from "node:path";
import { showRichly } from "./tslab-display.js";
import { resolveModules, resolveTypes } from "./tslab-resolve.js";
import { repairShorthand } from "./tslab-shorthand.js";
import type { TypeScript } from "./tslab-typescript.js";

/* The program of a tslab kernel: node tslab-launcher.js TSLAB CONNECTION_FILE. */

const [tslab, connectionFile] = process.argv.slice(2);
const tslabRequire = createRequire(join(tslab, "package.json"));

const typescript: string = tslabRequire.resolve("@tslab/typescript-for-tslab");
const ts = tslabRequire(typescript) as TypeScript;
// The exports of TypeScript cannot be assigned to, so they are replaced by a copy with other functions.
tslabRequire.cache[typescript]!.exports = {
  ...ts,
  ...resolveTypes(ts, tslabRequire),
  ...repairShorthand(ts),
};
resolveModules();
showRichly(tslabRequire);
const { startKernel } = tslabRequire("./dist/main.js") as { startKernel(options: object): void };
startKernel({ configPath: connectionFile, enableFindLocal: false });
