import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { RunError } from "../errors.js";
import { PACKAGE_ROOT } from "../files/package-root.js";

/** Prints where Deno is, and whether it can be taught what `import "fedkmeans"` means. */
const PROBE = `import * as m from "node:module";
console.log(JSON.stringify({ path: Deno.execPath(), version: Deno.version.deno, hooks: "registerHooks" in m }));`;

/**
 * Finds Deno: the npm package `deno` where the user stands or beside this package, else the one on the path.
 *
 * @returns the binary's path; null if there is none
 * @throws RunError if there is, but too old
 */
export function findDeno(): string | null {
  let tooOld: string | null = null;
  for (const [command, ...args] of candidates()) {
    const { status, stdout } = spawnSync(command, [...args, "eval", PROBE], { encoding: "utf8" });
    if (status !== 0) continue;
    const { path, version, hooks } = JSON.parse(stdout) as { path: string; version: string; hooks: boolean };
    if (hooks) return path;
    tooOld = version;
  }
  if (tooOld !== null) throw new RunError(`Deno 2.9 or later is needed, found ${tooOld}: deno upgrade`);
  return null;
}

function* candidates(): Generator<string[]> {
  for (const folder of [process.cwd(), PACKAGE_ROOT]) {
    try {
      const manifest = createRequire(join(folder, "from.js")).resolve("deno/package.json");
      const program = join(dirname(manifest), "bin.cjs");
      if (existsSync(program)) yield [process.execPath, program];
    } catch {
      // Not there.
    }
  }
  yield ["deno"];
}
