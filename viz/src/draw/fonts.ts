import { dirname, join } from "node:path";
import { registerFont } from "canvas";

const FAMILY = "fedkmeans Inter";
const FILES = {
  normal: "400Regular/Inter_400Regular.ttf",
  600: "600SemiBold/Inter_600SemiBold.ttf",
} as const;

let registered = false;

/** A canvas font of the bundled typeface, so that text is the same on every machine. */
export function fontOf(size: number, weight: "regular" | "semibold"): string {
  if (!registered) {
    const folder = dirname(require.resolve("@expo-google-fonts/inter/package.json"));
    for (const [value, file] of Object.entries(FILES)) {
      registerFont(join(folder, file), { family: FAMILY, weight: value });
    }
    registered = true;
  }
  return `${weight === "semibold" ? 600 : "normal"} ${size}px "${FAMILY}"`;
}
