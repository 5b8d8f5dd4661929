import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./setup.mjs";

/* Which test files there are, and what they need. */

/** What a test that computes with NumPy, or starts a Python that does, cannot do without naming. */
const NUMPY = /\b(numpy|sklearn|scipy|pandas)\b/;

/** What a test that waits, gives up waiting, or depends on how many threads run at once cannot do without naming. */
const TIME =
  /setTimeout|setInterval|setImmediate|performance\.now|Date\.now|deadline|\btimeout|sleep|Atomics\.wait|Parallelism|spawn\(|worker_?threads?|new Worker\b/i;

/** Tests of what is released, which take minutes or ask a registry: of `npm run test:all`, or by this part of a path. */
export const RELEASE = "test/release/";

/** Tests with Flower's own programs, which take minutes and need PyPI: of `npm run test:all`, or by this part of a path. */
export const FLOWER = "test/flower/";

/**
 * @param {string[]} parts of paths; without any, all files but those of `RELEASE` and `FLOWER`
 * @returns {string[]} paths of test files as written, from the root
 */
export function testFiles(parts = []) {
  return [".", "viz"]
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder, "test"), { recursive: true }).map((file) => join(folder, "test", file)),
    )
    .filter((file) => file.endsWith(".test.ts"))
    .filter((file) => (parts.length === 0 ? !isApart(file) : parts.some((part) => file.includes(part))))
    .sort();
}

/** Whether a test file is run only by `npm run test:all`, in a step of its own. */
export function isApart(file) {
  return [RELEASE, FLOWER].some((folder) => file.includes(folder));
}

/** Path of a test file as compiled. */
export function compiled(file) {
  const folder = file.startsWith("viz") ? "viz" : ".";
  return join(folder, "build", relative(folder, file).replace(/\.ts$/, ".js"));
}

/** Whether BLAS may have a say in a test: it, or what it imports of the tests' own files, names NumPy or its kin. */
export function usesNumpy(file) {
  return NUMPY.test(textOf(file));
}

/** Whether a test may depend on how quick or how busy a machine is. */
export function waitsForTime(file) {
  return TIME.test(textOf(file));
}

/** A test file's text, and that of the tests' files that it imports, however far away. */
function textOf(file, seen = new Set()) {
  if (seen.has(file)) return "";
  seen.add(file);
  const text = readFileSync(join(ROOT, file), "utf8");
  const imported = [...text.matchAll(/(?:from|import|import\() ?"(\.[^"]+)\.js"/g)]
    .map(([, path]) => join(dirname(file), `${path}.ts`))
    .filter((path) => /^(viz\/)?test\//.test(path) && existsSync(join(ROOT, path)));
  return [text, ...imported.map((path) => textOf(path, seen))].join("\n");
}
