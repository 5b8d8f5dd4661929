import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readNpy } from "#src/directory/npy.js";
import { filesOf } from "./experiment.js";

/** Every file of a directory, by path, in hexadecimal. */
export function allBytes(directory: string): Record<string, string> {
  return Object.fromEntries(
    filesOf(directory).map((file) => [file, readFileSync(join(directory, file), "hex")]),
  );
}

/** Every number that a directory holds: of each array, and of each text. */
export function numbersIn(directory: string): Set<number> {
  const numbers = new Set<number>();
  for (const file of filesOf(directory)) {
    const bytes = readFileSync(join(directory, file));
    if (file.endsWith(".npy")) for (const value of readNpy(bytes, file).data) numbers.add(Number(value));
    else for (const [text] of bytes.toString("utf8").matchAll(NUMBER)) numbers.add(Number(text));
  }
  return numbers;
}

const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/g;

/** Which of some texts the bytes of a directory hold, names of files included. */
export function textsIn(directory: string, texts: readonly string[]): string[] {
  const files = filesOf(directory);
  const all = files.map((file) => `${file}\n${readFileSync(join(directory, file), "utf8")}`).join("\n");
  return texts.filter((text) => all.includes(text));
}

/** Every SHA-256 that a directory's texts state. */
export function hashesIn(directory: string): Set<string> {
  const texts = filesOf(directory).filter((file) => !file.endsWith(".npy"));
  return new Set(
    texts.flatMap((file) => readFileSync(join(directory, file), "utf8").match(/\b[0-9a-f]{64}\b/g) ?? []),
  );
}
