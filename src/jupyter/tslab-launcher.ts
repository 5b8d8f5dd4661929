import { createRequire } from "node:module";
import { join } from "node:path";
import { showRichly } from "./tslab-display.js";
import { describe, explainCalls } from "./tslab-help.js";
import { startKernel } from "./tslab-kernel.js";
import { loadTslab } from "./tslab-modules.js";
import { completePaths } from "./tslab-paths.js";
import { resolveAnew, resolveModules, typeOptions } from "./tslab-resolve.js";
import { expandShorthand, seeShorthand } from "./tslab-shorthand.js";
import { followSources } from "./tslab-sources.js";
import { separateTimers } from "./tslab-timers.js";
import type { CompilerHost, CompilerOptions, TypeScript } from "./tslab-typescript.js";

/* The program of a tslab kernel: node tslab-launcher.js TSLAB CONNECTION_FILE. */

const [tslab, connectionFile] = process.argv.slice(2);
const tslabRequire = createRequire(join(tslab, "package.json"));

const typescript: string = tslabRequire.resolve("@tslab/typescript-for-tslab");
const ts = tslabRequire(typescript) as TypeScript;
const sources = followSources(ts);
const types = typeOptions(tslabRequire);
// The exports of TypeScript cannot be assigned to, so they are replaced by a copy with other functions.
tslabRequire.cache[typescript]!.exports = {
  ...ts,
  ...sources.functions,
  ...expandShorthand(ts),
  ...explainCalls(ts),
  createWatchCompilerHost: (files: string[], options: CompilerOptions, ...rest: unknown[]) =>
    ts.createWatchCompilerHost(files, { ...options, ...types, inlineSourceMap: true }, ...rest),
  createWatchProgram(host: CompilerHost) {
    separateTimers(host);
    resolveAnew(ts, host);
    seeShorthand(ts, host);
    return ts.createWatchProgram(host);
  },
};
tslabRequire("./dist/inspect.js").printQuickInfo = describe;
resolveModules();
showRichly(tslabRequire);
const tslabModules = loadTslab(tslabRequire);
completePaths(tslabModules.JupyterHandlerImpl.prototype);
startKernel(tslabModules, connectionFile, sources);
