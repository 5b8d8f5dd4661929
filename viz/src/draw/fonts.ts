import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { registerFont } from "canvas";

const FAMILY = "fedkmeans Inter";
const FILES = {
  normal: "400Regular/Inter_400Regular.ttf",
  600: "600SemiBold/Inter_600SemiBold.ttf",
} as const;

let registered = false;

/** Registers the typeface, for the whole process: canvas keeps one list of fonts for all threads, unguarded. */
export function registerFonts(): void {
  if (registered) return;
  for (const [value, file] of Object.entries(FILES)) {
    registerFont(pathOf(file), { family: FAMILY, weight: value });
  }
  registered = true;
}

/** For a thread whose parent has registered the fonts: to do so again would pull them from under the others. */
export function assumeFonts(): void {
  registered = true;
}

/** A canvas font of the bundled typeface, so that text is the same on every machine. */
export function fontOf(size: number, weight: "regular" | "semibold"): string {
  registerFonts();
  return `${weight === "semibold" ? 600 : "normal"} ${size}px "${FAMILY}"`;
}

/** The bundled typeface's own file. */
export function fontFile(weight: "regular" | "semibold"): Buffer {
  return readFileSync(pathOf(FILES[weight === "semibold" ? 600 : "normal"]));
}

function pathOf(file: string): string {
  return join(dirname(require.resolve("@expo-google-fonts/inter/package.json")), file);
}
