import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Milliseconds after which a program has not ended by itself. */
const STUCK = 300_000;
const DENO: string = join(process.cwd(), "node_modules", ".bin", "deno");

/**
 * Runs a CommonJS program with Node and with Deno.
 *
 * @param folder where the program's file goes
 * @param program its text; an absolute `require` reaches the compiled modules
 * @returns what each printed
 */
export function runOnNodeAndDeno(folder: string, program: string): { node: string; deno: string } {
  const file = join(folder, "program.cjs");
  writeFileSync(file, program);
  const run = (command: string, args: string[]) =>
    execFileSync(command, [...args, file], { encoding: "utf8", timeout: STUCK, killSignal: "SIGKILL" });
  return { node: run(process.execPath, []), deno: run(DENO, ["run", "--allow-all", "--quiet"]) };
}
