import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = process.cwd();

/** Versions of Flower that the app is tested with, by what they are tested for. */
export const FLOWER = { current: "1.42.0", before135: "1.34.0" } as const;

/** The folder with the programs of a version of Flower, as scripts/flower.mjs makes it. */
export function programsOf(version: string): string {
  return join(ROOT, "node_modules", ".cache", "python", `flower-${version}`, "bin");
}

/** For a test's `skip`: false, or why tests with this version of Flower cannot run here. */
export function skipWithoutFlower(version: string): string | false {
  if (existsSync(join(programsOf(version), "flwr"))) return false;
  return `Flower ${version} is not installed: node scripts/flower.mjs installs it, where PyPI is in reach`;
}
