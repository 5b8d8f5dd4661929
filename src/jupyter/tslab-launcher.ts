import { createRequire, Module } from "node:module";
import { dirname, join } from "node:path";
import { PACKAGE_MAIN, PACKAGE_ROOT } from "./package-root.js";

/*
 * The program of a tslab kernel: node tslab-launcher.js TSLAB CONNECTION_FILE. tslab finds packages, and the
 * types of Node, only beside the notebook. This teaches it, before it starts, to go on looking where this
 * package is installed; what lies beside the notebook comes first. Nothing is written beside the notebook.
 */

/** What this uses of the TypeScript inside tslab. */
interface TypeScript {
  createWatchCompilerHost(files: string[], options: CompilerOptions, ...rest: unknown[]): unknown;
}

interface CompilerOptions {
  paths?: Record<string, string[]>;
  typeRoots?: string[];
  types?: string[];
}

const [tslab, connectionFile] = process.argv.slice(2);
const tslabRequire = createRequire(join(tslab, "package.json"));
const notebookRequire = createRequire(join(process.cwd(), "notebook.js"));
const ownRequire = createRequire(join(PACKAGE_ROOT, "package.json"));

const typescript: string = tslabRequire.resolve("@tslab/typescript-for-tslab");
const ts = tslabRequire(typescript) as TypeScript;
// Its exports cannot be assigned to, so a copy of them takes their place.
tslabRequire.cache[typescript]!.exports = { ...ts, ...resolveTypes(ts) };
resolveModules();
const { startKernel } = tslabRequire("./dist/main.js") as { startKernel(options: object): void };
startKernel({ configPath: connectionFile, enableFindLocal: false });

function resolveTypes(ts: TypeScript): TypeScript {
  const folders = [...(notebookRequire.resolve.paths("x") ?? []), ...(ownRequire.resolve.paths("x") ?? [])];
  const paths: Record<string, string[]> = { "*": folders.map((folder) => join(folder, "*")) };
  if (!canResolve(notebookRequire, "fedkmeans")) paths.fedkmeans = [PACKAGE_MAIN.replace(/\.js$/, ".d.ts")];
  const nodeTypes: CompilerOptions = canResolve(notebookRequire, "@types/node/package.json")
    ? {}
    : { typeRoots: [dirname(dirname(tslabRequire.resolve("@types/node/package.json")))], types: ["node"] };
  return {
    createWatchCompilerHost: (files, options, ...rest) =>
      ts.createWatchCompilerHost(files, { ...options, ...nodeTypes, paths }, ...rest),
  };
}

function resolveModules(): void {
  const loader = Module as unknown as { _resolveFilename(request: string, ...rest: unknown[]): string };
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (request, ...rest) {
    try {
      return resolve.call(this, request, ...rest);
    } catch (error) {
      if (request === "fedkmeans") return PACKAGE_MAIN;
      if (/^[./]/.test(request)) throw error;
      try {
        return resolve.call(this, request, null, false, { paths: [PACKAGE_ROOT] });
      } catch {
        throw error;
      }
    }
  };
}

function canResolve(from: NodeJS.Require, request: string): boolean {
  try {
    from.resolve(request);
    return true;
  } catch {
    return false;
  }
}
