import { createRequire, Module } from "node:module";
import { dirname, join } from "node:path";
import { PACKAGE_MAIN, PACKAGE_ROOT } from "../files/package-root.js";
import type { CompilerHost, CompilerOptions, TypeScript } from "./tslab-typescript.js";

/*
 * tslab finds packages, and the types of Node, only beside the notebook. This makes it look also where this package is
 * installed. Packages beside the notebook come first, and nothing is written there.
 */

const notebookRequire = createRequire(join(process.cwd(), "notebook.js"));
const ownRequire = createRequire(join(PACKAGE_ROOT, "package.json"));

/** Where the compiler looks for types: options for the TypeScript inside tslab. */
export function typeOptions(tslabRequire: NodeJS.Require): CompilerOptions {
  const folders = [...(notebookRequire.resolve.paths("x") ?? []), ...(ownRequire.resolve.paths("x") ?? [])];
  const paths: Record<string, string[]> = { "*": folders.map((folder) => join(folder, "*")) };
  if (!canResolve("fedkmeans")) paths.fedkmeans = [PACKAGE_MAIN.replace(/\.js$/, ".d.ts")];
  if (canResolve("@types/node/package.json")) return { paths };
  const own = tslabRequire.resolve("@types/node/package.json");
  return { paths, typeRoots: [dirname(dirname(own))], types: ["node"] };
}

/**
 * Has the compiler look for each package that a cell imports each time: what it did not find before may have been
 * installed since, and it would learn of that only seconds later, or never.
 *
 * @param host what tslab gives TypeScript
 */
export function resolveAnew(ts: TypeScript, host: CompilerHost): void {
  host.resolveModuleNameLiterals = (literals, file, _, options) =>
    literals.map(({ text }) => ts.resolveModuleName(text, file, options, host));
  // Declarations of packages keep what they found: there are many, and no user edits them.
  host.hasInvalidatedResolutions = (file) => !/\.d\.[cm]?ts$/.test(file);
}

/** Where `import` and `require` look for modules. */
export function resolveModules(): void {
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

/** Whether the notebook's own folder has it. */
function canResolve(request: string): boolean {
  try {
    notebookRequire.resolve(request);
    return true;
  } catch {
    return false;
  }
}
