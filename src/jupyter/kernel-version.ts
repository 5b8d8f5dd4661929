import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { flavourOf, programOf } from "./execute-notebook.js";

/** What runs the cells under a kernel's name: tslab or Deno and its version, or another's kernel, whose is not known. */
export function kernelVersion(kernel: string): { name: string; version: string | null } {
  const flavour = flavourOf(kernel);
  if (flavour === undefined) return { name: kernel, version: null };
  const program = programOf(flavour);
  if (flavour === "tslab") {
    const manifest = readFileSync(join(program, "package.json"), "utf8");
    return { name: "tslab", version: (JSON.parse(manifest) as { version: string }).version };
  }
  const { stdout } = spawnSync(program, ["eval", "console.log(Deno.version.deno)"], { encoding: "utf8" });
  return { name: "Deno", version: stdout.trim() || null };
}
